package io.viridian.daemon.config;

import io.viridian.fault.Invariant;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one YAML file into {@link YamlNode}s. The only class that knows the YAML library. */
final class YamlFile {
    /** A configuration is read by people; a larger file is the wrong file. */
    private static final long LARGEST_FILE = 4 << 20;

    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

    private final Path location;
    private final Path file;
    private final Problems problems;

    private YamlFile(Path location, Path file, Problems problems) {
        this.location = location;
        this.file = file;
        this.problems = problems;
    }

    /** The file's top section; empty when it cannot be read, which has then been told. */
    static Optional<YamlNode.Mapping> read(Path location, Path shownAs, Problems problems) {
        YamlFile reader = new YamlFile(location, shownAs, problems);
        return reader.content().flatMap(reader::top).flatMap(reader::section);
    }

    /** As {@link #read}, of a file that is one list. */
    static Optional<YamlNode.Sequence> list(Path location, Path shownAs, Problems problems) {
        YamlFile reader = new YamlFile(location, shownAs, problems);
        return reader.content().flatMap(reader::top).flatMap(reader::list);
    }

    /** What the file holds; an absent scalar when that is nothing. */
    private Optional<YamlNode> top(String content) {
        Optional<Node> document;
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setAllowDuplicateKeys(true)
                    .build();
            document = new Compose(settings).composeReader(new StringReader(content));
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
            return refuse(line, "it is not YAML here: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            return refuse(0, "it is not YAML: " + broken.getMessage());
        }
        if (document.isEmpty()) {
            return Optional.of(new YamlNode.Scalar("", true, 0));
        }
        return node(document.get(), "");
    }

    private Optional<YamlNode.Mapping> section(YamlNode top) {
        return switch (top) {
            case YamlNode.Mapping mapping -> Optional.of(mapping);
            case YamlNode.Scalar scalar when scalar.absent() -> Optional.of(new YamlNode.Mapping(List.of(), 0));
            case YamlNode.Scalar _, YamlNode.Sequence _ ->
                refuse(top.line(), "the file must hold keys with values, not " + top.kind());
        };
    }

    private Optional<YamlNode.Sequence> list(YamlNode top) {
        return switch (top) {
            case YamlNode.Sequence sequence -> Optional.of(sequence);
            case YamlNode.Scalar scalar when scalar.absent() -> Optional.of(new YamlNode.Sequence(List.of(), 0));
            case YamlNode.Scalar _, YamlNode.Mapping _ ->
                refuse(top.line(), "the file must hold a list, not " + top.kind());
        };
    }

    private Optional<String> content() {
        try {
            if (Files.isDirectory(location)) {
                return refuse(0, "it is a directory, not a file");
            }
            if (Files.size(location) > LARGEST_FILE) {
                return refuse(0, "it is larger than " + new ByteSize(LARGEST_FILE) + ", so it is not a configuration");
            }
            return Optional.of(Files.readString(location));
        } catch (NoSuchFileException _) {
            return refuse(0, "there is no such file");
        } catch (CharacterCodingException _) {
            return refuse(0, "it is not UTF-8 text");
        } catch (IOException unreadable) {
            return refuse(0, "it cannot be read: " + unreadable.getMessage());
        }
    }

    private Optional<YamlNode> node(Node node, String path) {
        int line = line(node);
        if (node.isRecursive()) {
            return refuse(line, "an alias leads back to what contains it");
        }
        return Optional.of(
                switch (node) {
                    case ScalarNode scalar -> scalar(scalar, line);
                    case SequenceNode sequence -> sequence(sequence, path, line);
                    case MappingNode mapping -> mapping(mapping, path, line);
                    default -> throw Invariant.broken("an unknown kind of YAML node on line " + line);
                });
    }

    private YamlNode.Sequence sequence(SequenceNode sequence, String path, int line) {
        List<YamlNode> elements = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            node(element, path + "[" + elements.size() + "]").ifPresent(elements::add);
        }
        return new YamlNode.Sequence(elements, line);
    }

    private static YamlNode.Scalar scalar(ScalarNode scalar, int line) {
        boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
        return new YamlNode.Scalar(scalar.getValue(), plain && NOTHING.contains(scalar.getValue()), line);
    }

    private YamlNode.Mapping mapping(MappingNode mapping, String path, int line) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int keyLine = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                refuse(keyLine, "a key must be a single word");
                continue;
            }
            String inside = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            Integer earlier = lines.putIfAbsent(key.getValue(), keyLine);
            if (earlier != null) {
                problems.add(Problem.at(new Origin.InFile(file, keyLine), inside)
                        .rule("is given twice, first on line " + earlier + "; remove one"));
                continue;
            }
            node(tuple.getValueNode(), inside)
                    .ifPresent(value -> entries.add(new YamlNode.Entry(key.getValue(), keyLine, value)));
        }
        return new YamlNode.Mapping(entries, line);
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    private <T> Optional<T> refuse(int line, String rule) {
        problems.add(Problem.at(new Origin.InFile(file, line), "").rule(rule));
        return Optional.empty();
    }
}
