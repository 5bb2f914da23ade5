/**
 * Five small programs to copy from, each whole in one file: {@code LanguageModel} first. {@code bin/demo} is in the package
 * {@link org.etascope.examples.demo}.
 */
@NullMarked
package org.etascope.examples;

import org.jspecify.annotations.NullMarked;
