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

    private final Path file;
    private final Problems problems;

    private YamlFile(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The file's top section; what cannot be read is a problem and an empty section. */
    static YamlNode.Mapping read(Path file, Problems problems) {
        return new YamlFile(file, problems).top();
    }

    private YamlNode.Mapping top() {
        Optional<YamlNode> top = content().flatMap(this::compose);
        if (top.isPresent() && top.get() instanceof YamlNode.Mapping mapping) {
            return mapping;
        }
        if (top.isPresent() && !(top.get() instanceof YamlNode.Scalar scalar && scalar.absent())) {
            refuse(
                    top.get().line(),
                    "the file must hold keys with values, not " + top.get().kind());
        }
        return new YamlNode.Mapping(List.of(), 0);
    }

    private Optional<String> content() {
        try {
            if (Files.isDirectory(file)) {
                return refuse(0, "it is a directory, not a file");
            }
            if (Files.size(file) > LARGEST_FILE) {
                return refuse(0, "it is larger than " + new ByteSize(LARGEST_FILE) + ", so it is not a configuration");
            }
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException _) {
            return refuse(0, "there is no such file");
        } catch (CharacterCodingException _) {
            return refuse(0, "it is not UTF-8 text");
        } catch (IOException unreadable) {
            return refuse(0, "it cannot be read: " + unreadable.getMessage());
        }
    }

    private Optional<YamlNode> compose(String content) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setAllowDuplicateKeys(true)
                .build();
        try {
            return new Compose(settings)
                    .composeReader(new StringReader(content))
                    .flatMap(node -> node(node, ""));
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
            return refuse(line, "it is not YAML here: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            return refuse(0, "it is not YAML: " + broken.getMessage());
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
