// Owns turnstone_set_updated_at(), the BEFORE UPDATE trigger that stamps a row.
//
// What the arguments and the table's shape say is worked out once for each statement and relation, and kept
// where fmgr lets a function keep things (fn_extra): a relation that is being updated cannot be altered
// meanwhile. The row itself is stamped in place where the executor hands over a tuple of its own; nothing on
// that path can raise an error, so it needs no guard.
#include <bit>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/stamp_options.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/guard.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/stamp.hpp"
#include "turnstone/server/stamp_alias.hpp"

namespace turnstone::server {

namespace {

constexpr std::int64_t microseconds_per_second = 1000000;
constexpr std::int64_t postgres_epoch_seconds =
    static_cast<std::int64_t>(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;

struct Attribute {
    int16 length;
    std::uint8_t alignment;
};

// Plain data in the memory of the statement.
struct Stamper {
    Oid relation;
    Oid trigger;
    int column;
    core::StampClock clock;
    bool only_changed;
    bool unless_set;
    bool milliseconds;
    bool has_generated;
    bool by_value;
    int16 width;
    StampType type;
    // The latest value, and what it was made of. Not kept where a value is a pointer.
    bool known;
    TimestampTz known_time;
    const pg_tz *known_zone;
    Datum known_value;
    void *domain; // domain_check() keeps its own here
    MemoryContext memory;
    // Where the column lies: the first columns, a bit for each, end at a place that no value changes, if none
    // of them is null.
    std::uint64_t fixed_columns;
    std::size_t fixed_end;
    Attribute *before; // the attributes before the column, and the column itself
    // For comparing rows.
    Datum *old_values;
    Datum *new_values;
    bool *old_nulls;
    bool *new_nulls;
};

const char *use_problem(FunctionCallInfo fcinfo) {
    if (!CALLED_AS_TRIGGER(fcinfo))
        return "as a trigger";
    const TriggerEvent event = reinterpret_cast<TriggerData *>(fcinfo->context)->tg_event;
    if (!TRIGGER_FIRED_FOR_ROW(event))
        return "for each row";
    if (!TRIGGER_FIRED_BEFORE(event) || !TRIGGER_FIRED_BY_UPDATE(event))
        return "before update";
    return nullptr;
}

[[noreturn]] void refuse_use(const char *what) {
    pg([&] {
        ereport(
            ERROR,
            (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
             errmsg("turnstone_set_updated_at() must be called %s", what),
             errhint("CREATE TRIGGER set_updated_at BEFORE UPDATE ON a_table FOR EACH ROW EXECUTE FUNCTION "
                     "turnstone_set_updated_at();")));
    });
    pg_unreachable();
}

std::uint8_t alignment_bytes(char alignment) {
    switch (alignment) {
    case TYPALIGN_DOUBLE:
        return ALIGNOF_DOUBLE;
    case TYPALIGN_INT:
        return ALIGNOF_INT;
    case TYPALIGN_SHORT:
        return ALIGNOF_SHORT;
    default:
        return 1;
    }
}

// In one leaf; `options` are read only.
void describe(Stamper &stamper, TupleDesc descriptor) {
    const auto count = static_cast<std::size_t>(descriptor->natts);
    MemoryContext outer = MemoryContextSwitchTo(stamper.memory);
    stamper.before = static_cast<Attribute *>(palloc(sizeof(Attribute) * count));
    if (stamper.only_changed || stamper.unless_set) {
        stamper.old_values = static_cast<Datum *>(palloc(sizeof(Datum) * count));
        stamper.new_values = static_cast<Datum *>(palloc(sizeof(Datum) * count));
        stamper.old_nulls = static_cast<bool *>(palloc(sizeof(bool) * count));
        stamper.new_nulls = static_cast<bool *>(palloc(sizeof(bool) * count));
    }
    MemoryContextSwitchTo(outer);
    bool fixed = true;
    for (int i = 0; i < descriptor->natts; ++i) {
        const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, i);
        stamper.before[i] = {attribute->attlen, alignment_bytes(attribute->attalign)};
        stamper.has_generated = stamper.has_generated || attribute->attgenerated != '\0';
        if (i >= stamper.column - 1)
            continue;
        fixed = fixed && attribute->attlen > 0 && i < 63;
        if (fixed) {
            stamper.fixed_columns |= static_cast<std::uint64_t>(1) << i;
            stamper.fixed_end = TYPEALIGN(stamper.before[i].alignment, stamper.fixed_end) +
                                static_cast<std::size_t>(attribute->attlen);
        }
    }
}

Stamper *make_stamper(FunctionCallInfo fcinfo, const core::StampOptions &defaults) {
    const auto *data = reinterpret_cast<TriggerData *>(fcinfo->context);
    const Trigger *trigger = data->tg_trigger;
    const std::string table = RelationGetRelationName(data->tg_relation);
    TupleDesc descriptor = RelationGetDescr(data->tg_relation);
    const std::vector<std::string> arguments(trigger->tgargs, trigger->tgargs + trigger->tgnargs);
    const core::StampOptions options = core::StampOptions::parse(arguments, defaults);
    const int column = pg([&] { return SPI_fnumber(descriptor, options.column.c_str()); });
    if (column <= 0)
        pg([&] {
            ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                            errmsg("column \"%s\" of table \"%s\" does not exist", options.column.c_str(),
                                   table.c_str()),
                            errdetail("Trigger \"%s\" keeps it.", trigger->tgname),
                            errhint("Drop the trigger, or name the column as its argument: "
                                    "turnstone_set_updated_at('changed_at').")));
        });
    const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, column - 1);
    const StampType type = stamp_type(attribute->atttypid, attribute->atttypmod, options, table);
    if (attribute->attgenerated != '\0')
        throw core::Error(core::ErrorCode::wrong_type,
                          fmt::format("column \"{}\" of table \"{}\" cannot be kept by "
                                      "turnstone_set_updated_at()",
                                      options.column, table),
                          "It is a generated column.");
    return pg([&] {
        auto *stamper =
            static_cast<Stamper *>(MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Stamper)));
        stamper->memory = fcinfo->flinfo->fn_mcxt;
        stamper->trigger = trigger->tgoid;
        stamper->column = column;
        stamper->clock = options.clock;
        stamper->only_changed = options.only_changed;
        stamper->unless_set = options.unless_set;
        stamper->milliseconds = options.unit == core::StampUnit::milliseconds;
        stamper->by_value = attribute->attbyval;
        stamper->width = attribute->attlen;
        stamper->type = type;
        describe(*stamper, descriptor);
        stamper->relation = RelationGetRelid(data->tg_relation);
        fcinfo->flinfo->fn_extra = stamper;
        return stamper;
    });
}

TimestampTz time_of(core::StampClock clock) {
    switch (clock) {
    case core::StampClock::transaction:
        break;
    case core::StampClock::statement:
        return GetCurrentStatementStartTimestamp();
    case core::StampClock::wall:
        return GetCurrentTimestamp();
    }
    return GetCurrentTransactionStartTimestamp();
}

// In a leaf.
Datum epoch(const Stamper &stamper, TimestampTz time) {
    const std::int64_t divisor = stamper.milliseconds ? 1000 : microseconds_per_second;
    std::int64_t whole = time / divisor;
    if (time % divisor < 0)
        --whole;
    const std::int64_t value = whole + postgres_epoch_seconds * (microseconds_per_second / divisor);
    if (stamper.type.base == INT8OID)
        return Int64GetDatum(value);
    if (value > PG_INT32_MAX || value < PG_INT32_MIN)
        ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
                        errmsg("the time is out of range for a column of type integer"),
                        errhint("Change the column's type to bigint.")));
    return Int32GetDatum(static_cast<int32>(value));
}

// The time in the column's type and precision. In a leaf.
Datum value_of(Stamper &stamper, TimestampTz time) {
    Datum value = TimestampTzGetDatum(time);
    const auto scaled = [&](PGFunction scale) {
        if (stamper.type.typmod >= 0)
            value = DirectFunctionCall2(scale, value, Int32GetDatum(stamper.type.typmod));
    };
    switch (stamper.type.base) {
    case TIMESTAMPTZOID:
        scaled(timestamptz_scale);
        break;
    case TIMESTAMPOID: // in the session's time zone, as localtimestamp
        value = DirectFunctionCall1(timestamptz_timestamp, value);
        scaled(timestamp_scale);
        break;
    case DATEOID:
        value = DirectFunctionCall1(timestamptz_date, value);
        break;
    default:
        value = epoch(stamper, time);
    }
    if (stamper.type.is_domain)
        domain_check(value, false, stamper.type.type, &stamper.domain, stamper.memory);
    stamper.known = stamper.by_value;
    stamper.known_time = time;
    stamper.known_zone = session_timezone;
    stamper.known_value = value;
    return value;
}

Datum stamp_value(Stamper &stamper) {
    const TimestampTz time = time_of(stamper.clock);
    if (stamper.known && stamper.known_time == time && stamper.known_zone == session_timezone)
        return stamper.known_value;
    return pg([&] { return value_of(stamper, time); });
}

inline const char *aligned(const char *place, Attribute attribute) {
    return place + (-reinterpret_cast<std::uintptr_t>(place) & (attribute.alignment - 1U));
}

// Behind a value that begins at or behind this place.
inline const char *behind(const char *place, Attribute attribute) {
    if (attribute.length > 0)
        return aligned(place, attribute) + attribute.length;
    if (attribute.length == -1) {
        // A short value is never aligned, nor is a pointer to one stored elsewhere, which begins like one; a
        // long value begins at the next aligned place, which may be this one.
        if (!VARATT_IS_1B(place))
            place = aligned(place, attribute);
        else if (!VARATT_IS_1B_E(place))
            return place + VARSIZE_1B(place);
        return place + VARSIZE_ANY(place);
    }
    return place + strlen(place) + 1; // a cstring, which is not aligned
}

// One bit for each of the first columns that has a value. The bitmap of nulls has them in this order; what is
// read behind its end belongs to the tuple still.
inline std::uint64_t present_columns(HeapTuple tuple, int count) {
    std::uint64_t present = ~static_cast<std::uint64_t>(0);
    if (HeapTupleHasNulls(tuple)) {
        const uint8 *nulls = tuple->t_data->t_bits;
        if (std::endian::native == std::endian::little &&
            tuple->t_len >= offsetof(HeapTupleHeaderData, t_bits) + sizeof present) {
            memcpy(&present, nulls, sizeof present);
        } else {
            present = 0;
            for (int i = 0; i < count; ++i)
                present |= static_cast<std::uint64_t>(!att_isnull(i, nulls)) << i;
        }
    }
    return present & ((static_cast<std::uint64_t>(1) << count) - 1);
}

// Where the column's bytes are; null where the tuple has none: the value is null, or younger than the row.
// A tuple's data begin at an aligned place, so addresses are aligned where offsets are.
char *place_in(const Stamper &stamper, HeapTuple tuple) {
    const HeapTupleHeader header = tuple->t_data;
    const int index = stamper.column - 1;
    if (static_cast<int>(HeapTupleHeaderGetNatts(header)) < stamper.column ||
        (HeapTupleHasNulls(tuple) && att_isnull(index, header->t_bits)))
        return nullptr;
    const Attribute *attributes = stamper.before;
    const char *place = reinterpret_cast<const char *>(header) + header->t_hoff;
    if (index < 64) {
        std::uint64_t present = present_columns(tuple, index);
        const std::uint64_t fixed = stamper.fixed_columns;
        if ((present & fixed) == fixed) {
            place += stamper.fixed_end;
            present &= ~fixed;
        }
        for (; present != 0; present &= present - 1)
            place = behind(place, attributes[std::countr_zero(present)]);
    } else {
        for (int i = 0; i < index; ++i) {
            if (!HeapTupleHasNulls(tuple) || !att_isnull(i, header->t_bits))
                place = behind(place, attributes[i]);
        }
    }
    return const_cast<char *>(aligned(place, attributes[index]));
}

// The slot's own tuple, in the slot's own memory: what is written there is what will be stored.
bool is_own_tuple(const TupleTableSlot *slot, HeapTuple tuple) {
    if (slot == nullptr || !TTS_SHOULDFREE(slot) || !(TTS_IS_BUFFERTUPLE(slot) || TTS_IS_HEAPTUPLE(slot)))
        return false;
    return reinterpret_cast<const HeapTupleTableSlot *>(slot)->tuple == tuple;
}

bool stamp_in_place(const Stamper &stamper, const TriggerData *data, Datum value) {
    TupleTableSlot *slot = data->tg_newslot;
    if (!settings::in_place() || !stamper.by_value || !is_own_tuple(slot, data->tg_newtuple))
        return false;
    char *place = place_in(stamper, data->tg_newtuple);
    if (place == nullptr)
        return false;
    if (stamper.width == sizeof(std::int64_t))
        memcpy(place, &value, sizeof(std::int64_t));
    else {
        const auto narrow = static_cast<int32>(value);
        memcpy(place, &narrow, sizeof narrow);
    }
    // A WHEN clause may have read the columns already; later triggers, checks and indexes use what it read.
    if (slot->tts_nvalid >= stamper.column)
        slot->tts_values[stamper.column - 1] = value;
    return true;
}

bool same_bytes(const Stamper &stamper, HeapTuple left, HeapTuple right) {
    const HeapTupleHeader a = left->t_data;
    const HeapTupleHeader b = right->t_data;
    if (left->t_len != right->t_len || a->t_hoff != b->t_hoff ||
        HeapTupleHeaderGetNatts(a) != HeapTupleHeaderGetNatts(b) ||
        HeapTupleHasNulls(left) != HeapTupleHasNulls(right))
        return false;
    if (HeapTupleHasNulls(left) && memcmp(a->t_bits, b->t_bits, BITMAPLEN(HeapTupleHeaderGetNatts(a))) != 0)
        return false;
    const char *end_a = reinterpret_cast<const char *>(a) + left->t_len;
    const char *start_a = reinterpret_cast<const char *>(a) + a->t_hoff;
    const char *start_b = reinterpret_cast<const char *>(b) + b->t_hoff;
    const char *stamp_a = place_in(stamper, left);
    const char *stamp_b = place_in(stamper, right);
    if (stamp_a == nullptr || stamp_b == nullptr)
        return stamp_a == stamp_b && memcmp(start_a, start_b, static_cast<std::size_t>(end_a - start_a)) == 0;
    const auto before = static_cast<std::size_t>(stamp_a - start_a);
    if (stamp_b - start_b != stamp_a - start_a || memcmp(start_a, start_b, before) != 0)
        return false;
    const char *after_a = stamp_a + stamper.width;
    return memcmp(after_a, stamp_b + stamper.width, static_cast<std::size_t>(end_a - after_a)) == 0;
}

bool same_value(const Stamper &stamper, TupleDesc descriptor, int index) {
    if (stamper.old_nulls[index] || stamper.new_nulls[index])
        return stamper.old_nulls[index] == stamper.new_nulls[index];
    const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, index);
    return datum_image_eq(stamper.old_values[index], stamper.new_values[index], attribute->attbyval,
                          attribute->attlen);
}

enum class Decision {
    stamp,
    keep,    // the new row is as it is to be
    restore, // the stamp is the old row's
};

// In a leaf: reads toasted values.
Decision decide(const Stamper &stamper, const TriggerData *data) {
    TupleDesc descriptor = RelationGetDescr(data->tg_relation);
    HeapTuple old_tuple = data->tg_trigtuple;
    HeapTuple new_tuple = data->tg_newtuple;
    const int index = stamper.column - 1;
    stamper.old_values[index] =
        heap_getattr(old_tuple, stamper.column, descriptor, &stamper.old_nulls[index]);
    stamper.new_values[index] =
        heap_getattr(new_tuple, stamper.column, descriptor, &stamper.new_nulls[index]);
    const bool same_stamp = same_value(stamper, descriptor, index);
    if (stamper.unless_set && !same_stamp)
        return Decision::keep;
    if (!stamper.only_changed)
        return Decision::stamp;
    const Decision unchanged = same_stamp ? Decision::keep : Decision::restore;
    if (same_bytes(stamper, old_tuple, new_tuple))
        return unchanged;
    // Rows without values of variable length are the same in no other way.
    if (!HeapTupleHasVarWidth(old_tuple) && !HeapTupleHasVarWidth(new_tuple) && !stamper.has_generated &&
        HeapTupleHeaderGetNatts(old_tuple->t_data) == HeapTupleHeaderGetNatts(new_tuple->t_data))
        return Decision::stamp;
    heap_deform_tuple(old_tuple, descriptor, stamper.old_values, stamper.old_nulls);
    heap_deform_tuple(new_tuple, descriptor, stamper.new_values, stamper.new_nulls);
    for (int i = 0; i < descriptor->natts; ++i) {
        // Generated columns are computed behind the trigger.
        const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, i);
        if (i != index && !attribute->attisdropped && attribute->attgenerated == '\0' &&
            !same_value(stamper, descriptor, i))
            return Decision::stamp;
    }
    return unchanged;
}

Datum stamped(FunctionCallInfo fcinfo, Stamper &stamper) {
    const auto *data = reinterpret_cast<TriggerData *>(fcinfo->context);
    bool is_null = false;
    Datum value = 0;
    Decision decision = Decision::stamp;
    if (stamper.only_changed || stamper.unless_set)
        decision = pg([&] { return decide(stamper, data); });
    if (decision == Decision::keep)
        return PointerGetDatum(data->tg_newtuple);
    if (decision == Decision::restore) {
        value = stamper.old_values[stamper.column - 1];
        is_null = stamper.old_nulls[stamper.column - 1];
    } else {
        value = stamp_value(stamper);
    }
    if (!is_null && stamp_in_place(stamper, data, value))
        return PointerGetDatum(data->tg_newtuple);
    return pg([&] {
        int column = stamper.column;
        return PointerGetDatum(heap_modify_tuple_by_cols(
            data->tg_newtuple, RelationGetDescr(data->tg_relation), 1, &column, &value, &is_null));
    });
}

// The stamper of this statement's earlier rows; null for the first row.
Stamper *kept_stamper(FunctionCallInfo fcinfo) {
    auto *stamper = static_cast<Stamper *>(fcinfo->flinfo->fn_extra);
    const auto *data = reinterpret_cast<TriggerData *>(fcinfo->context);
    if (stamper == nullptr || stamper->relation != RelationGetRelid(data->tg_relation) ||
        stamper->trigger != data->tg_trigger->tgoid)
        return nullptr;
    return stamper;
}

} // namespace

Datum set_updated_at(FunctionCallInfo fcinfo) {
    if (const char *problem = use_problem(fcinfo); problem != nullptr)
        refuse_use(problem);
    Stamper *stamper = kept_stamper(fcinfo);
    return stamped(fcinfo, stamper != nullptr ? *stamper : *make_stamper(fcinfo, {}));
}

Datum set_updated_at_alias(FunctionCallInfo fcinfo) {
    if (const char *problem = use_problem(fcinfo); problem != nullptr)
        refuse_use(problem);
    Stamper *stamper = kept_stamper(fcinfo);
    return stamped(fcinfo, stamper != nullptr ? *stamper
                                              : *make_stamper(fcinfo, alias_options(fcinfo->flinfo->fn_oid)));
}

} // namespace turnstone::server
