package io.viridian.debezium;

import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Tuple;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Gives every value the text form of its type again, from which the engine has made an object of its own. Debezium
 * creates it by its name, one for each engine.
 */
public final class ValueText implements CustomConverter<SchemaBuilder, RelationalColumn> {
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, SignStyle.NEVER)
            .appendPattern("-MM-dd")
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);
    private static final HexFormat HEX = HexFormat.of();

    /** Called by Debezium. */
    public ValueText() {}

    @Override
    public void configure(Properties properties) {
        // Nothing to choose.
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        registration.register(SchemaBuilder.string().optional(), ValueText::of);
    }

    /** The text that the type's input function reads as this value; null for null. */
    static @Nullable String of(@Nullable Object value) {
        if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value)) {
            return Tuple.UNCHANGED;
        }
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean truth -> truth ? "t" : "f";
            case Short _, Integer _, Long _, Float _, Double _ -> value.toString();
            case SpecialValueDecimal number -> decimal(number);
            case BigDecimal number -> number.toPlainString();
            case byte[] bytes -> "\\x" + HEX.formatHex(bytes);
            case LocalDate date -> date(date);
            case LocalTime time -> TIME.format(time);
            case Instant moment -> moment(moment);
            case OffsetDateTime moment -> moment(moment);
            case org.postgresql.util.PGobject object -> object.getValue();
            case java.sql.Array array -> array.toString();
            default ->
                throw Fault.of(
                                FaultCode.STREAM_UNEXPECTED,
                                "the engine debezium gives a value as "
                                        + value.getClass().getName()
                                        + ", of which the text is not known; use the engine pgoutput")
                        .asException();
        };
    }

    private static String decimal(SpecialValueDecimal number) {
        return number.getDecimalValue()
                .map(BigDecimal::toPlainString)
                .orElseGet(() -> Double.toString(number.toDouble()));
    }

    private static String date(LocalDate date) {
        if (date.equals(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE)) {
            return "infinity";
        }
        return date.equals(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE)
                ? "-infinity"
                : DATE.format(date) + era(date);
    }

    private static String moment(Instant moment) {
        if (moment.equals(PostgresValueConverter.POSITIVE_INFINITY_INSTANT)) {
            return "infinity";
        }
        if (moment.equals(PostgresValueConverter.NEGATIVE_INFINITY_INSTANT)) {
            return "-infinity";
        }
        LocalDateTime local = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
        return DATE.format(local) + " " + TIME.format(local) + era(local);
    }

    private static String moment(OffsetDateTime moment) {
        if (moment.equals(PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME)) {
            return "infinity";
        }
        if (moment.equals(PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME)) {
            return "-infinity";
        }
        OffsetDateTime utc = moment.withOffsetSameInstant(ZoneOffset.UTC);
        return DATE.format(utc) + " " + TIME.format(utc) + "+00" + era(utc);
    }

    private static String era(TemporalAccessor date) {
        return date.get(ChronoField.ERA) == 0 ? " BC" : "";
    }
}
