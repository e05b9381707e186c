import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The class loader of the compiler's plugins, one for all compilations of a build.
 *
 * <p>Three quarters of the compilation is Error Prone. javac loads it anew for every module, main and test, so its
 * thousands of classes began some thirty times in the interpreter; with this the build compiles in half the time.
 * javac takes the name of a class loader in its option {@code -XDprocloader} and, where there is no such class, goes
 * on with its own: a build without {@code scripts/maven} is slower and the same.
 */
public final class CompilerPlugins extends ClassLoader {
    private static final Map<List<String>, ClassLoader> LOADERS = new ConcurrentHashMap<>();

    /** What javac calls. Not closeable, or javac would close it after the first compilation. */
    public CompilerPlugins(URL[] path, ClassLoader parent) {
        super(shared(path, parent));
    }

    private static ClassLoader shared(URL[] path, ClassLoader parent) {
        List<String> names = Arrays.stream(path).map(URL::toString).toList();
        return LOADERS.computeIfAbsent(names, unused -> new URLClassLoader(path, parent));
    }
}
