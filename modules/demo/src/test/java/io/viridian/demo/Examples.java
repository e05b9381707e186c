package io.viridian.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the example around the working directory, which Maven sets to the module. */
final class Examples {
    private Examples() {}

    static Path shop() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("examples/shop/viridian.yaml"))) {
                return at.resolve("examples/shop");
            }
        }
        throw new IllegalStateException("no examples/shop around the working directory");
    }
}
