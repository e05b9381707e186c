package io.viridian.plan;

/** A column of a route's source as the change stream carries it. */
public record SourceColumn(String name, TypeName type, boolean mayBeToasted) {}
