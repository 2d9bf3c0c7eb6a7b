/* A layout says where its fields are, in every version, and refuses what it does not have. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.extendedName;
import static org.scmid.protocol.Field.i32;
import static org.scmid.protocol.Field.i64;
import static org.scmid.protocol.Field.list;
import static org.scmid.protocol.Field.resource;
import static org.scmid.protocol.Field.rest;
import static org.scmid.protocol.Field.shortName;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Field.u64;
import static org.scmid.protocol.Field.u8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.common.ResourceRequest;

class LayoutTest {
    private static final int V1_0 = 0x10000;
    private static final int V2_0 = 0x20000;

    private static final Layout EVERYTHING = Layout.of(
            u32("id"), i64("value"), bits("flags"), shortName("name"), u64("time"), i32("level"), extendedName("long"));

    private static void assertRefused(String reason, Executable question) {
        assertEquals(
                reason, assertThrows(IllegalArgumentException.class, question).getMessage());
    }

    @Test
    void fieldsFollowEachOtherWithoutGaps() {
        assertEquals(new Layout.U32(0), EVERYTHING.u32("id"));
        assertEquals(new Layout.U64(4), EVERYTHING.u64("value"));
        assertEquals(new Layout.U32(12), EVERYTHING.u32("flags"));
        assertEquals(new Layout.Name(16, 16), EVERYTHING.name("name"));
        assertEquals(new Layout.U64(32), EVERYTHING.u64("time"));
        assertEquals(new Layout.U32(40), EVERYTHING.u32("level"));
        assertEquals(new Layout.Name(44, 64), EVERYTHING.name("long"));
    }

    @Test
    void aFieldThatTheRowDoesNotHaveIsRefused() {
        assertRefused(
                "no field Rate in [0 rate u64]", () -> Layout.of(u64("rate")).u64("Rate"));
    }

    @Test
    void aFieldOfAnotherWidthIsRefused() {
        Layout layout = Layout.of(u32("id"), u64("rate"), shortName("name"));
        String all = " in [0 id u32, 4 rate u64, 12 name name16]";
        assertRefused("field rate is none of [U32, I32, BITS32]" + all, () -> layout.u32("rate"));
        assertRefused("field id is none of [U64, I64]" + all, () -> layout.u64("id"));
        assertRefused("field rate is none of [NAME16, NAME64]" + all, () -> layout.name("rate"));
        assertRefused("field name is none of [LIST]" + all, () -> layout.list("name"));
        assertRefused("field name is none of [REST]" + all, () -> layout.rest("name"));
        assertRefused("field id is none of [U8]" + all, () -> layout.u8("id"));
    }

    @Test
    void twoFieldsCannotHaveOneName() {
        assertRefused("two fields are named rate", () -> Layout.of(u64("rate"), u32("rate")));
    }

    @Test
    void whatAVersionAddsMovesWhatFollows() {
        Layout layout = Layout.of(u32("agent").since(V2_0), shortName("name"));
        assertEquals(new Layout.Name(0, 16), layout.in(V1_0).name("name"));
        assertEquals(new Layout.Name(4, 16), layout.in(V2_0).name("name"));
        assertEquals(new Layout.U32(0), layout.u32("agent"), "nothing before it moves");
        assertRefused(
                "where name is depends on the version: [0 agent u32 since 2.0, 4 name name16]",
                () -> layout.name("name"));
        assertRefused("no field agent in [0 name name16]", () -> layout.in(V1_0).u32("agent"));
    }

    @Test
    void whatARequestMayLackMovesWhatFollowsToo() {
        Layout layout = Layout.of(u32("extra").leniently(), u32("value"));
        assertRefused(
                "where value is depends on the version: [0 extra u32 lenient, 4 value u32]", () -> layout.u32("value"));
    }

    @Test
    void aListBeginsBehindItsCount() {
        Layout.Items rates = Layout.of(u32("clock"), bits("count"), list("rates", 0xFFF, u32("id"), u64("rate")))
                .list("rates");
        assertEquals(new Layout.U32(4), rates.count());
        assertEquals(8, rates.at(0));
        assertEquals(32, rates.at(2));
        assertEquals(new Layout.U64(4), rates.item().u64("rate"));
    }

    @Test
    void aListHoldsWhatFitsIntoAMessage() {
        Layout.Items rates =
                Layout.of(bits("count"), list("rates", 0xFFF, u64("rate"))).list("rates");
        assertEquals(0, rates.capacity(0, 100));
        assertEquals(0, rates.capacity(19, 100), "header, status and count are 12");
        assertEquals(1, rates.capacity(20, 100));
        assertEquals(14, rates.capacity(128, 100));
        assertEquals(10, rates.capacity(128, 10));
    }

    @Test
    void theItemsOfAListAreThoseOfTheVersion() {
        Layout layout = Layout.of(
                bits("count"), list("levels", -1, u32("level"), u32("index").since(V2_0)));
        assertEquals(12, layout.in(V1_0).list("levels").at(2));
        assertEquals(20, layout.in(V2_0).list("levels").at(2));
        assertRefused(
                "the items of list levels depend on the version:"
                        + " [0 count bits32, 4 levels list of {level u32, index u32 since 2.0}]",
                () -> layout.list("levels"));
    }

    @Test
    void theRestBeginsBehindTheOthers() {
        assertEquals(4, Layout.of(bits("count"), rest("descriptors")).rest("descriptors"));
    }

    @Test
    void aByteIsReadWithoutItsSign() {
        Layout.Items ids = Layout.of(u32("count"), list("ids", -1, u8("id"))).list("ids");
        Layout.U8 id = ids.item().u8("id");
        MessageBuffer buffer = new MessageBuffer(8);
        id.put(buffer, ids.at(1), 0x1F0);
        assertEquals(0xF0, id.get(buffer, ids.at(1)));
        assertEquals(0xF000, buffer.getU32(4));
    }

    @Test
    void theTextHasTheOffsets() {
        assertEquals("", Layout.EMPTY.toString());
        assertEquals(
                "0 clock u32, 4 rate u64",
                Layout.of(resource("clock"), u64("rate")).toString());
    }

    @Test
    void aRequestThatNamesAResourceIsOfACommandThatDoes() {
        assertRefused(
                "BASE_DISCOVER_AGENT names no resource: [0 agent u32]",
                () -> new ResourceRequest(BaseMessage.BASE_DISCOVER_AGENT));
        assertEquals(8, new ResourceRequest(ClockMessage.CLOCK_PARENT_GET).messageLength());
    }
}
