package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file from a template in which {@code {{url}}} and {@code {{side}}} stand for the new owner, then runs a
 * command. A reader of the file, and a machine that loses power, find the old content or the new one, never half of it.
 */
public final class FileSwitcher implements TrafficSwitcher {
    private final Path path;
    private final String template;
    private final Optional<Command> then;
    private final Function<Side, String> urls;

    /**
     * The switcher.
     *
     * @param then what makes the readers look at the file again; no words mean that they do so by themselves
     * @param timeout for {@code then}
     */
    public FileSwitcher(Path path, String template, List<String> then, Duration timeout, Function<Side, String> urls) {
        this.path = path.toAbsolutePath();
        this.template = template;
        this.then = then.isEmpty() ? Optional.empty() : Optional.of(new Command(then, timeout));
        this.urls = urls;
    }

    @Override
    public String name() {
        return "file " + path;
    }

    @Override
    public void perform(Side to) throws InterruptedException {
        String content = content(to);
        try {
            if (!content.equals(read().orElse(null))) {
                replace(content);
            }
        } catch (IOException failure) {
            throw failed("cannot be written: " + failure, failure);
        }
        if (then.isPresent()) {
            Command.Result result = then.get().run(Map.of("VIRIDIAN_OWNER", to.text(), "VIRIDIAN_URL", urls.apply(to)));
            if (!result.succeeded()) {
                throw failed("is written, but " + then.get().words() + " " + result.sentence(), null);
            }
        }
    }

    private String content(Side to) {
        return template.replace("{{url}}", urls.apply(to)).replace("{{side}}", to.text());
    }

    private Optional<String> read() throws IOException {
        return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
    }

    /** In the same directory, because a rename is atomic only within one file system. */
    private void replace(String content) throws IOException {
        Path place = Files.exists(path) ? path.toRealPath() : path;
        Path directory = place.resolveSibling(".").normalize();
        Path fresh = Files.createTempFile(directory, "." + place.getFileName(), ".new");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            takeAfter(place, fresh);
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /**
     * Whoever could read the old file can read the new one; when that cannot be had, nothing is replaced. A file that
     * was not there before holds an address, perhaps a password, and is for us and the group.
     */
    private static void takeAfter(Path old, Path fresh) throws IOException {
        if (!Files.exists(old)) {
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r-----"));
            return;
        }
        PosixFileAttributes before = Files.readAttributes(old, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        if (!now.group().equals(before.group())) {
            view.setGroup(before.group());
        }
        if (!now.owner().equals(before.owner())) {
            view.setOwner(before.owner());
        }
        view.setPermissions(before.permissions());
    }

    private FaultException failed(String why, @Nullable Throwable cause) {
        Fault fault = Fault.about(FaultCode.TRAFFIC_FAILED, name(), name() + " " + why);
        return cause == null ? fault.asException() : fault.asException(cause);
    }

    @Override
    public boolean probe(Side to) {
        try {
            return read().filter(content(to)::equals).isPresent();
        } catch (IOException unreadable) {
            throw failed("cannot be read: " + unreadable, unreadable);
        }
    }
}
