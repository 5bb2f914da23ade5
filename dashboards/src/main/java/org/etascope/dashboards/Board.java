package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.List;

/**
 * A dashboard, whatever draws it.
 *
 * @param uid its address, fixed
 * @param title its name, without the prefix that all have
 * @param description what it answers
 * @param variables what can be chosen, each narrowing the next
 * @param marks moments drawn across all charts
 * @param sections its rows
 */
record Board(
        String uid,
        String title,
        String description,
        List<Variable> variables,
        List<Mark> marks,
        List<Section> sections) {

    /**
     * A row.
     *
     * @param title its question
     * @param open whether it is unfolded when the page opens; a folded one asks nothing
     * @param panels from left to right, top to bottom
     */
    record Section(String title, boolean open, List<Panel> panels) {
        private static final int COLUMNS = 24;

        /** {@return where each panel stands; the first row of panels at 0} */
        List<Place> places() {
            List<Place> places = new ArrayList<>();
            int x = 0;
            int y = 0;
            int height = 0;
            for (Panel panel : panels) {
                if (x + panel.width() > COLUMNS) {
                    x = 0;
                    y += height;
                    height = 0;
                }
                places.add(new Place(panel, x, y));
                x += panel.width();
                height = Math.max(height, panel.height());
            }
            return places;
        }
    }

    /** Where a panel stands: its upper left corner, from the left and from the top of its row. */
    record Place(Panel panel, int x, int y) {}

    /**
     * Something to choose.
     *
     * @param name its name, as queries write it
     * @param label its name for people; empty for one that is not shown, because titles alone use it
     * @param query what gives its values; empty for a text to type
     * @param pattern what to take of each value; empty for all of it
     * @param several whether several, or all, may be chosen; else the first value is taken
     * @param all what stands for all: empty for each value by name
     */
    record Variable(String name, String label, String query, String pattern, boolean several, String all) {}

    /**
     * A moment.
     *
     * @param name what happened
     * @param expression when: a timestamp in milliseconds, or a state that is 1 then
     * @param timestamp whether the value is the moment
     * @param color its colour
     */
    record Mark(String name, String expression, boolean timestamp, Color color) {}

    /** {@return all its panels} */
    List<Panel> panels() {
        return sections.stream().flatMap(section -> section.panels().stream()).toList();
    }
}
