package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.List;

/** What a check has found. */
final class Problems {
    private final List<String> found = new ArrayList<>();

    void unless(boolean fine, String problem) {
        if (!fine) {
            found.add(problem);
        }
    }

    List<String> found() {
        return List.copyOf(found);
    }
}
