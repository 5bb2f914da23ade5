package org.etascope.dashboards;

/**
 * A series that Prometheus computes and keeps.
 *
 * @param name its name, level:metric:operations
 * @param expression what it is, windows and labels in angle brackets
 * @param comment why, for whoever reads the rules
 */
record Recording(String name, String expression, String comment) {}
