package io.viridian.tidy.rule;

import com.sun.source.tree.ClassTree;
import io.viridian.tidy.source.SourceFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Words that say nothing about a type. Words count, not letters: {@code Database} and {@code Base64} are fine, and so
 * is {@code BaseBackup}, which is PostgreSQL's own name for the thing.
 */
final class TypeNames implements FileRule {
    private static final Pattern EMPTY_WORD = Pattern.compile(
            "(Manager|Helper|Utils?|Common|Base(?!Backup)|Impl|Processor)(?![a-z0-9])|^Abstract(?![a-z])|(Info|Data)$");

    @Override
    public Reason reason() {
        return new Reason(
                "type-names",
                "Manager, Helper, Util, Common, Base, Abstract, Impl, Info, Data, Processor fit any class, so they name none",
                "name the one thing it is or does; an implementation is named by its technology (PostgresJournal)");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.all(ClassTree.class)
                .filter(type -> EMPTY_WORD.matcher(type.getSimpleName()).find())
                .map(type -> reason().at(file, type, "type name " + type.getSimpleName()));
    }
}
