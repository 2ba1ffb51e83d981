// Run by maven-invoker-plugin after the example's build; build.log holds what its tests printed.
String log = new File(basedir, 'build.log').getText('UTF-8')
def summary = log =~ /Tests run: (\d+), Failures: 0, Errors: 0, Skipped: (\d+)/
int passed = summary.collect { it[1].toInteger() - it[2].toInteger() }.max() ?: 0
if (passed < 150) {
    throw new IllegalStateException("Only ${passed} runs of rules passed: the kit ran with two devices, or should have")
}
if (!new File(basedir, 'target/acme-iommu.jar').isFile()) {
    throw new IllegalStateException('There is no plug-in jar')
}
