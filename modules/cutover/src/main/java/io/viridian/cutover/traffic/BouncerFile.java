package io.viridian.cutover.traffic;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a bouncer's file, of which the line of one database is changed and everything else stays as it is:
 * comments, order, settings of that line (PgBouncer 1.18 manual, "Section [databases]"). Pure.
 */
record BouncerFile(String text) {
    private static final Pattern SECTION = Pattern.compile("\\s*\\[(.*)]\\s*");
    private static final Pattern ENTRY = Pattern.compile("\\s*(\"(?:[^\"]|\"\")*\"|[^=\\s]+)\\s*=\\s*(.*?)\\s*");
    private static final Pattern SETTING = Pattern.compile("(\\w+)\\s*=\\s*('(?:[^']|'')*'|\\S*)");
    private static final Pattern PLAIN = Pattern.compile("[^\\s']+");

    /** The file with the database leading there; empty when it has no line of its own. */
    Optional<BouncerFile> leading(String database, BouncerTarget target) {
        StringBuilder changed = new StringBuilder();
        boolean databases = false;
        boolean found = false;
        for (String line : text.split("\n", -1)) {
            Matcher section = SECTION.matcher(line);
            Matcher entry = ENTRY.matcher(line);
            if (section.matches()) {
                databases = section.group(1).equals("databases");
            }
            boolean ours = databases
                    && !comment(line)
                    && entry.matches()
                    && name(entry.group(1)).equals(database);
            found |= ours;
            changed.append(changed.isEmpty() ? "" : "\n")
                    .append(ours ? entry.group(1) + " = " + settings(entry.group(2), target) : line);
        }
        return found ? Optional.of(new BouncerFile(changed.toString())) : Optional.empty();
    }

    private static boolean comment(String line) {
        String stripped = line.strip();
        return stripped.startsWith(";") || stripped.startsWith("#");
    }

    private static String name(String written) {
        return written.startsWith("\"")
                ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
                : written;
    }

    private static String settings(String before, BouncerTarget target) {
        Map<String, String> settings = new LinkedHashMap<>();
        Matcher setting = SETTING.matcher(before);
        while (setting.find()) {
            settings.put(setting.group(1), setting.group(2));
        }
        settings.put("host", quoted(target.host()));
        settings.put("port", Integer.toString(target.port()));
        settings.put("dbname", quoted(target.database()));
        StringJoiner line = new StringJoiner(" ");
        settings.forEach((key, value) -> line.add(key + "=" + value));
        return line.toString();
    }

    private static String quoted(String value) {
        return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "''") + "'";
    }
}
