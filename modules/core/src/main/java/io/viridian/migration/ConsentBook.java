package io.viridian.migration;

import java.util.List;

/** Where consents are written down, in their order, for as long as the migration lasts. Any thread. */
public interface ConsentBook {
    /** Writes it down under the next number; what its operation has written before stays and is answered instead. */
    Consent append(Consent consent);

    /** The newest, oldest first. */
    List<Consent> newest(int most);
}
