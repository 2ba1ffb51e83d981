// Run by maven-invoker-plugin after the example's build; build.log holds what the program printed.
String log = new File(basedir, 'build.log').getText('UTF-8')
for (String line : ['minimal-driver: ok']) {
    if (!log.readLines().contains(line)) {
        throw new IllegalStateException("The example did not print this line: " + line)
    }
}
