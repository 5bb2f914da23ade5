/**
 * What stays of a run: as a journal, as JSON, as a page, as tables. No server is needed for any of it.
 *
 * <p>Open {@link org.etascope.recording.Recording} first: it is all that is known of a run, whether taken from a live
 * monitor or read from its journal, and everything that shows one starts from it:
 *
 * <ul>
 *   <li>{@link org.etascope.recording.RunJson}: JSON for programs and for the live page;
 *   <li>{@link org.etascope.recording.JournalWriter} and {@link org.etascope.recording.Journal}: the run as a file of
 *       lines, written while it goes on and read when its process is gone;
 *   <li>{@link org.etascope.recording.RunReport} and {@link org.etascope.recording.CurveCsv}: a page to keep and a table;
 *   <li>{@link org.etascope.recording.SummaryTable} and {@link org.etascope.recording.Format}: a run and its numbers as
 *       text for people, {@link org.etascope.recording.LiveDisplay} on a
 *       {@link org.etascope.recording.Screen} while it goes on.
 * </ul>
 */
@NullMarked
package org.etascope.recording;

import org.jspecify.annotations.NullMarked;
