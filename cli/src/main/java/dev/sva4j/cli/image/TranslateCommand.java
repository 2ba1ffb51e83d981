package dev.sva4j.cli.image;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.sva4j.cli.ExitCode;
import dev.sva4j.cli.InputException;
import dev.sva4j.cli.StandardStreams;
import dev.sva4j.cli.json.Json;
import dev.sva4j.spi.IommuInspector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sva4j translate}. */
@Command(
        name = "translate",
        description = {
            "Answers requests against the IOMMU tables in a memory image, as the hardware would.",
            "Each line of input is a request, DEVICE PASID|- ADDRESS r|w|x; each line of output is its answer, "
                    + "{\"pa\":\"0x…\"} or {\"pa\":null,\"fault\":\"…\"}."
        })
public final class TranslateCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private ImageArguments arguments = new ImageArguments();

    @Option(
            names = "--requests",
            paramLabel = "FILE",
            description = "Read the requests from here; standard input if not given.")
    private @Nullable Path requests;

    @Option(names = "--json", description = "Accepted for symmetry: answers are JSON in any case.")
    private boolean unusedJson;

    /** For the command line that it is part of. */
    public TranslateCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        return arguments.with(inspector -> {
            if (requests == null) {
                return answer(inspector, streams.in());
            }
            try (InputStream in = Files.newInputStream(requests)) {
                return answer(inspector, in);
            } catch (NoSuchFileException missing) {
                throw new InputException("requests file " + requests + ": there is no such file", missing);
            }
        });
    }

    private int answer(IommuInspector inspector, InputStream in) throws IOException {
        BoundedLines lines = new BoundedLines(in);
        long count = 0;
        long bad = 0;
        String firstBad = "";
        try (JsonGenerator out = Json.FACTORY.createGenerator(streams.out())) {
            out.setPrettyPrinter(new MinimalPrettyPrinter(""));
            for (String line = lines.next(); line != null; line = lines.next()) {
                count++;
                try {
                    answer(inspector, RequestLine.parse(line), out);
                } catch (BadRequestException e) {
                    write(out, 0, "bad request: " + e.getMessage());
                    if (bad++ == 0) {
                        firstBad = "line " + count + ": " + e.getMessage();
                    }
                }
                out.writeRaw('\n');
                if (!lines.hasLine() && !sent(out)) {
                    return ExitCode.OK;
                }
            }
        }
        if (bad > 0) {
            throw new InputException(bad + " of " + count + " lines are no requests; " + firstBad);
        }
        return ExitCode.OK;
    }

    /** Sends what was answered: whoever asks one at a time waits for it. False if nobody reads any more. */
    private boolean sent(JsonGenerator out) throws IOException {
        out.flush();
        return !streams.out().checkError();
    }

    private static void answer(IommuInspector inspector, RequestLine request, JsonGenerator out) throws IOException {
        IommuInspector.Answer answer =
                inspector.translate(request.requester(), request.pasid(), request.address(), request.access());
        write(out, answer.pa(), answer.fault());
    }

    private static void write(JsonGenerator out, long pa, @Nullable String fault) throws IOException {
        out.writeStartObject();
        if (fault == null) {
            Json.hex(out, "pa", pa);
        } else {
            out.writeNullField("pa");
            out.writeStringField("fault", fault);
        }
        out.writeEndObject();
    }
}
