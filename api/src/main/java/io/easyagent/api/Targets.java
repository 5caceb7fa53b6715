package io.easyagent.api;

import java.util.List;
import java.util.Optional;

/**
 * Which hosts a request is for. Exactly one of the three is given; an empty selector matches
 * nothing.
 *
 * @param hosts names, ids or unambiguous id prefixes
 * @param selector for example {@code role=web,env in (a,b),!canary,fact.os=debian}
 */
public record Targets(
    Optional<List<String>> hosts, Optional<String> selector, Optional<Boolean> all) {}
