/**
 * Green's schema: where it comes from ({@link GreenSchema}), and what is taken off the empty tables and built after the
 * load ({@link DeferredObjects}). Both write down what they did in the transaction that does it, so a daemon that died
 * anywhere asks again and gets the same end. Nothing here changes blue.
 */
@NullMarked
package io.viridian.schema.green;

import org.jspecify.annotations.NullMarked;
