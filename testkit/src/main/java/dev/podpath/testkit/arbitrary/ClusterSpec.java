package dev.podpath.testkit.arbitrary;

import java.util.List;

/**
 * A generated cluster before names and addresses.
 *
 * @param zones for each node the number of its zone, or -1 for none
 * @param dual whether nodes and pods have addresses of both families
 * @param services the services
 */
record ClusterSpec(List<Integer> zones, boolean dual, List<ServiceSpec> services) {}
