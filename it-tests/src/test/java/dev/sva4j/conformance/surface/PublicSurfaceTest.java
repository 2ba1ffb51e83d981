package dev.sva4j.conformance.surface;

import dev.sva4j.api.SvaSystem;
import dev.sva4j.conformance.AllRules;
import dev.sva4j.conformance.RepositoryFiles;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing that others use changes unnoticed: neither a signature nor what it promises to stay. */
class PublicSurfaceTest {
    @ParameterizedTest
    @CsvSource({"api", "it-tests"})
    void surfaceIsWhatWasAgreed(String module) throws IOException {
        String name = module + "/src/api/public-signatures.txt";
        SignatureFile agreed = new SignatureFile(RepositoryFiles.root().resolve(name), name, Changelog.ofThisVersion());
        List<String> current = new PublishedModule(module.equals("api") ? SvaSystem.class : AllRules.class).listing();

        if (System.getProperty(SignatureFile.UPDATE_PROPERTY) == null) {
            agreed.check(current);
        } else {
            agreed.update(current);
        }
    }
}
