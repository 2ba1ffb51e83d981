// Run by maven-invoker-plugin after the example's build; build.log holds what the program printed.
String log = new File(basedir, 'build.log').getText('UTF-8')
for (String line : ['process reads: hello from the device',
                    'after exit: QUIESCED, reclaimed true',
                    'faults reported: 0',
                    'after unbind: NONE, PASIDs in use 0']) {
    if (!log.readLines().contains(line)) {
        throw new IllegalStateException("The example did not print this line: " + line)
    }
}
