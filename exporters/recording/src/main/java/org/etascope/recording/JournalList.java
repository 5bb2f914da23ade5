package org.etascope.recording;

import java.util.List;
import java.util.function.Function;
import org.etascope.core.CurvePoint;
import org.etascope.core.LayerPoint;
import org.etascope.core.Mark;
import org.etascope.core.RunEvent;
import org.etascope.core.ValidationPoint;

/**
 * A list of a run that a journal keeps entry by entry.
 *
 * @param kind the name of its lines
 * @param type of its entries
 * @param of where a run has it
 */
record JournalList<R extends Record>(String kind, Class<R> type, Function<Recording, List<R>> of) {
    static final JournalList<CurvePoint> POINT = new JournalList<>("point", CurvePoint.class, Recording::curve);
    static final JournalList<ValidationPoint> VALIDATION =
            new JournalList<>("validation", ValidationPoint.class, Recording::validationCurve);
    static final JournalList<LayerPoint> LAYERS = new JournalList<>("layers", LayerPoint.class, Recording::layerCurve);
    static final JournalList<RunEvent> EVENT = new JournalList<>("event", RunEvent.class, Recording::events);
    static final JournalList<Mark> MARK = new JournalList<>("mark", Mark.class, Recording::marks);

    /** In the order in which they are written. */
    static final List<JournalList<?>> ALL = List.of(EVENT, POINT, VALIDATION, LAYERS, MARK);
}
