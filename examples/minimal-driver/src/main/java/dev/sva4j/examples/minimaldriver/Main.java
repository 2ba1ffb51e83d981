package dev.sva4j.examples.minimaldriver;

/** Place holder, until the driver is written. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("minimal-driver: ok");
    }
}
