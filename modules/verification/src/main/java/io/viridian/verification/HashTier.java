package io.viridian.verification;

/**
 * How a row becomes two 64-bit numbers on the server, strongest (cheapest) first. A table's rows are summed up as their
 * number and the sums of both numbers; equal sums on both sides prove equality up to a chance of about 2^-64.
 *
 * <p>The sum of {@code hash_record_extended} alone would not do: it is a linear combination of the column hashes
 * (PostgreSQL 14-18, {@code record_hash_extended}), so two rows that swap a value keep the sum, whatever the seed. The
 * second number therefore is a function of the first that is not linear.
 */
public enum HashTier {
    /** {@code hash_record_extended} over the columns; needs no text form of most of them. */
    RECORD {
        @Override
        String value(String row) {
            return "hash_record_extended(" + row + ", 1)";
        }

        @Override
        String first(String value) {
            return value;
        }

        @Override
        String second(String value) {
            // hashint8extended folds its argument to 32 bits; mixing the argument in again keeps all 64.
            return "hashint8extended(" + value + ", 2) # " + value;
        }
    },
    /** {@code hashtextextended} over the text form of the row, with two seeds. */
    TEXT {
        @Override
        String value(String row) {
            return "(" + row + ")::text collate \"C\"";
        }

        @Override
        String first(String value) {
            return "hashtextextended(" + value + ", 1)";
        }

        @Override
        String second(String value) {
            return "hashtextextended(" + value + ", 2)";
        }
    },
    /** Both halves of {@code md5} over the text form of the row: the same on any two servers. */
    MD5 {
        @Override
        String value(String row) {
            return "md5((" + row + ")::text)";
        }

        @Override
        String first(String value) {
            return "('x' || substr(" + value + ", 1, 16))::bit(64)::bigint";
        }

        @Override
        String second(String value) {
            return "('x' || substr(" + value + ", 17, 16))::bit(64)::bigint";
        }
    };

    /** What both numbers are computed from, evaluated once per row. */
    abstract String value(String row);

    abstract String first(String value);

    abstract String second(String value);

    /** One number that stands for a row or a key, for sorting rows into buckets. */
    String number(String row) {
        return first(value(row));
    }

    HashTier orWeaker(HashTier other) {
        return compareTo(other) > 0 ? this : other;
    }
}
