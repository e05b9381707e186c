@NullMarked
package io.viridian.debezium;

import org.jspecify.annotations.NullMarked;
