package io.viridian.bench;

/**
 * How the same thing is done. The words are for the table and the page.
 *
 * @param id in the file of results
 */
record Way(String id, String words) {
    static final Way BARE = new Way("bare", "bare COPY pipe, binary, 2 page ranges, key built after");
    static final Way BARE_COPY = new Way("bare.copy", "  of it the rows alone");
    static final Way WALSENDER = new Way("walsender", "reading the slot and nothing else: the limit");
    static final Way NATIVE = new Way("native", "native subscription");
    static final Way VIRIDIAN = new Way("viridian", "Viridian, identity mapping");
    static final Way VIRIDIAN_COPY = new Way("viridian.copy", "  of it rows and key");
    static final Way MAPPED = new Way("mapped", "Viridian, transforming mapping");
    static final Way MAPPED_COPY = new Way("mapped.copy", "  of it rows and key");
}
