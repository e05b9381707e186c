package io.viridian.tidy.source;

import java.net.URI;
import java.nio.file.Path;
import javax.tools.SimpleJavaFileObject;

/** Java text with the place it is said to come from; a file of the checkout and a test's snippet look the same. */
public final class RawSource extends SimpleJavaFileObject {
    private final Path path;
    private final String text;

    public RawSource(Path path, String text) {
        super(URI.create("source:///" + path.toString().replace('\\', '/')), Kind.SOURCE);
        this.path = path;
        this.text = text;
    }

    public Path path() {
        return path;
    }

    @Override
    public String getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }
}
