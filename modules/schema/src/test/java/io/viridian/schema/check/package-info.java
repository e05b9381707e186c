/** Tests of the pre-flight checks: each is provoked on real servers, its message read and its remedy carried out. */
@NullMarked
package io.viridian.schema.check;

import org.jspecify.annotations.NullMarked;
