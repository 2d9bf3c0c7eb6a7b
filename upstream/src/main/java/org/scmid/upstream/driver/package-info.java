/**
 * The resources of a platform as drivers have them: what is asked of one becomes messages, of which several are under way,
 * each about another resource or another of its properties. Nothing is allocated for a message.
 */
@NullMarked
package org.scmid.upstream.driver;

import org.jspecify.annotations.NullMarked;
