package io.viridian.cli;

/** Where the process begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Program.run(Surroundings.ofProcess(), arguments));
    }
}
