package io.viridian.bench;

/**
 * How the same thing is done. The words are for the table and the page.
 *
 * @param id in the file of results
 */
record Way(String id, String words) {
    static final Way BARE = new Way("bare", "bare COPY pipe, binary, 2 page ranges, key built after");
    static final Way BARE_COPY = new Way("bare.copy", "  of it the rows alone");
    static final Way BARE_MAPPED = new Way("bare-mapped", "bare COPY pipe of that mapping's SELECT, key built after");
    static final Way BARE_COMPUTED =
            new Way("bare-computed", "bare COPY pipe of the SELECT of names and numbers, key built after");
    static final Way PGCOPYDB = new Way("pgcopydb", "pgcopydb, 2 jobs (PostgreSQL 15)");
    static final Way VIRIDIAN_15 = new Way("viridian-15", "Viridian, identity mapping (PostgreSQL 15)");
    static final Way PGLOGICAL = new Way("pglogical", "pglogical (PostgreSQL 15)");
    static final Way VIRIDIAN_BESIDE_PGLOGICAL =
            new Way("viridian-beside-pglogical", "Viridian beside pglogical (PostgreSQL 15)");
    static final Way HASH = new Way("hash", "bare hash of all rows, slower side");
    static final Way VERIFY = new Way("verify", "Viridian, full verification");
    static final Way UNGUARDED = new Way("unguarded", "a statement that finds no row, without a guard");
    static final Way GUARDED = new Way("guarded", "the same on a guarded table");
    static final Way WALSENDER = new Way("walsender", "reading the slot and nothing else: the limit");
    static final Way NATIVE = new Way("native", "native subscription");
    static final Way VIRIDIAN = new Way("viridian", "Viridian, identity mapping");
    static final Way VIRIDIAN_COPY = new Way("viridian.copy", "  of it rows and key");
    static final Way DEBEZIUM = new Way("debezium", "Viridian, engine debezium");
    static final Way COLD = new Way("cold", "a cold daemon, until 80 % of its warm rate");
    static final Way WARM = new Way("warm", "  its warm rate");
    static final Way COMPUTED = new Way("computed", "Viridian, mapping of names and numbers");
    static final Way COMPUTED_COPY = new Way("computed.copy", "  of it rows and key");
    static final Way MAPPED = new Way("mapped", "Viridian, mapping of text too: upper()");
    static final Way MAPPED_COPY = new Way("mapped.copy", "  of it rows and key");
}
