package dev.sva4j.conformance.zoo;

import dev.sva4j.spi.Behaviour;

/** A cache is optional. */
final class NeverCaches extends Animal {
    NeverCaches(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("hardware that keeps nothing, ever");
    }

    @Override
    Behaviour behaviour() {
        return Behaviour.FORGETFUL;
    }
}
