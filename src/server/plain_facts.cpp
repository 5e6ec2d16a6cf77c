// Owns the facts of plain tables, as JSON, told from scanned catalogs. The queries of catalog.cpp define
// them. All of it is a leaf: nothing here has a destructor, everything lives in the caller's memory context.
#include "turnstone/server/plain_facts.hpp"

#include <algorithm>

#include "turnstone/server/meaning.hpp"
#include "turnstone/server/plain_index.hpp"

namespace turnstone::server {

namespace {

// The text that one of the server's deparsing functions gives, or null for an object that is gone.
char *deparsed(PGFunction function, Datum object) {
    LOCAL_FCINFO(call, 2);
    InitFunctionCallInfoData(*call, nullptr, 1, InvalidOid, nullptr, nullptr);
    call->args[0].value = object;
    call->args[0].isnull = false;
    const Datum result = function(call);
    return call->isnull ? nullptr : TextDatumGetCString(result);
}

// The texts of types, with what is usual for their columns.
struct TypeText {
    Oid type;
    int32 typmod;
    Oid collation;
    char storage;
    const char *text;
};

struct ExpressionText {
    std::uint64_t key;
    const char *tree; // without its places in the source text
    const char *text;
    const char *meaning; // nullptr for none
    ExpressionText *next;
};

struct Texts {
    static constexpr int buckets = 1024;
    Array<TypeText> types{};
    ExpressionText *expressions[buckets]{};
    Oid role = InvalidOid;
    const char *role_name = nullptr;
    Oid access_method = InvalidOid;
    const char *access_method_name = nullptr;

    const TypeText &type(Oid type, int32 typmod);
    const ExpressionText *expression(Datum tree, Oid relation);
    const char *owner(Oid oid);
    const char *method(Oid oid);
};

const TypeText &Texts::type(Oid type, int32 typmod) {
    for (const TypeText &known : types) {
        if (known.type == type && known.typmod == typmod)
            return known;
    }
    TypeText one{type, typmod, InvalidOid, '\0',
                 format_type_extended(type, typmod, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_ALLOW_INVALID)};
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (HeapTupleIsValid(tuple)) {
        one.collation = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typcollation;
        one.storage = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typstorage;
        ReleaseSysCache(tuple);
    }
    types.push(one);
    return types.items[types.size - 1];
}

// Deparsing is dear, and most defaults of a schema are the same few. Trees that differ in nothing but their
// places in the source have the same text; a tree with a variable has one for each relation.
const ExpressionText *Texts::expression(Datum tree, Oid relation) {
    char *source = TextDatumGetCString(tree);
    char *to = source;
    constexpr const char *place = " :location ";
    for (const char *from = source; *from != '\0';) {
        if (*from == ' ' && strncmp(from, place, strlen(place)) == 0) {
            from += strlen(place);
            while (*from == '-' || (*from >= '0' && *from <= '9'))
                ++from;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    const bool shared = strstr(source, "{VAR ") == nullptr;
    const std::uint64_t key = hash_bytes_extended(reinterpret_cast<const unsigned char *>(source),
                                                  static_cast<int>(to - source), 0);
    ExpressionText **bucket = &expressions[key % buckets];
    for (const ExpressionText *known = shared ? *bucket : nullptr; known != nullptr; known = known->next) {
        if (known->key == key && strcmp(known->tree, source) == 0) {
            pfree(source);
            return known;
        }
    }
    LOCAL_FCINFO(call, 2);
    InitFunctionCallInfoData(*call, nullptr, 2, InvalidOid, nullptr, nullptr);
    call->args[0].value = tree;
    call->args[0].isnull = false;
    call->args[1].value = ObjectIdGetDatum(relation);
    call->args[1].isnull = false;
    const Datum result = pg_get_expr(call);
    auto *entry = static_cast<ExpressionText *>(palloc(sizeof(ExpressionText)));
    *entry = {key, source, call->isnull ? nullptr : TextDatumGetCString(result), meaning_of_tree(tree),
              *bucket};
    if (shared)
        *bucket = entry;
    return entry;
}

const char *Texts::owner(Oid oid) {
    if (oid != role || role_name == nullptr) {
        const char *name = GetUserNameFromId(oid, true);
        role_name = name != nullptr ? name : psprintf("unknown (OID=%u)", oid);
        role = oid;
    }
    return role_name;
}

const char *Texts::method(Oid oid) {
    if (oid != access_method || access_method_name == nullptr) {
        access_method_name = get_am_name(oid);
        access_method = oid;
    }
    return access_method_name;
}

// Writes JSON objects, one after the other. Their keys have to come in order: that is the canonical form.
struct JsonWriter {
    StringInfoData text;

    void begin() {
        resetStringInfo(&text);
        appendStringInfoChar(&text, '{');
    }
    void key(const char *name) { appendStringInfo(&text, text.len > 1 ? ",\"%s\":" : "\"%s\":", name); }
    void put(const char *name, const char *value) {
        if (value == nullptr)
            return;
        key(name);
        escape_json(&text, value);
    }
    void put_true(const char *name, bool value) {
        if (!value)
            return;
        key(name);
        appendStringInfoString(&text, "true");
    }
    [[nodiscard]] const char *end() {
        appendStringInfoChar(&text, '}');
        return pnstrdup(text.data, static_cast<Size>(text.len));
    }
    [[nodiscard]] const char *end_or_none() { return text.len > 1 ? end() : nullptr; }
};

struct Facts {
    const ScannedCatalogs &scan;
    PlainFacts found{};
    Texts *texts;
    DefaultOperatorClasses classes{};
    JsonWriter properties{};
    JsonWriter meanings{};
    MemoryContext scratch{};

    // Deparsing leaves ten times behind of what it gives.
    template <class Work>
    void in_scratch(Work work) {
        MemoryContext outer = MemoryContextSwitchTo(scratch);
        work();
        MemoryContextSwitchTo(outer);
        MemoryContextReset(scratch);
    }

    const char *comment(Oid catalog, Oid object, int32 number) const {
        const auto order = [](const ScannedDescription &left, const ScannedDescription &right) {
            if (left.catalog != right.catalog)
                return left.catalog < right.catalog;
            return left.object != right.object ? left.object < right.object : left.number < right.number;
        };
        const ScannedDescription wanted{catalog, object, number, nullptr};
        const ScannedDescription *place =
            std::lower_bound(scan.descriptions.begin(), scan.descriptions.end(), wanted, order);
        return place == scan.descriptions.end() || order(wanted, *place) ? nullptr : place->text;
    }
    const ExpressionText *fallback(Oid relation, int16 number) const {
        const auto order = [](const ScannedDefault &left, const ScannedDefault &right) {
            return left.relation != right.relation ? left.relation < right.relation
                                                   : left.number < right.number;
        };
        const ScannedDefault wanted{relation, number, 0};
        const ScannedDefault *place =
            std::lower_bound(scan.defaults.begin(), scan.defaults.end(), wanted, order);
        return place == scan.defaults.end() || order(wanted, *place)
                   ? nullptr
                   : texts->expression(place->tree, relation);
    }

    [[nodiscard]] bool has_odd_index(const ScannedConstraint &constraint) const {
        const ScannedRelation *index =
            OidIsValid(constraint.index) && strchr("pux", constraint.type) != nullptr
                ? scan.relation(constraint.index)
                : nullptr;
        return index != nullptr && (!index->plain_index || index->has_options ||
                                    comment(RelationRelationId, constraint.index, 0) != nullptr);
    }

    void tables();
    [[nodiscard]] const ScannedRelation *plain_sequence(const ScannedRelation &table,
                                                        const ScannedColumn &column) const;
    void columns();
    void constraints();
    void indexes();
};

void Facts::tables() {
    const ScannedColumn *column = scan.columns.begin();
    for (const ScannedRelation &table : scan.relations) {
        CHECK_FOR_INTERRUPTS();
        if (is_object(table.kind) && !table.plain &&
            !(table.kind == RELKIND_SEQUENCE &&
              std::binary_search(scan.internal_relations.begin(), scan.internal_relations.end(), table.oid)))
            found.odd_relations.push({table.oid, table.oid});
        while (column != scan.columns.end() && column->relation < table.oid)
            ++column;
        if (!table.plain)
            continue;
        properties.begin();
        properties.put("access method", texts->method(table.access_method));
        const ScannedColumn *last = column;
        for (; last != scan.columns.end() && last->relation == table.oid; ++last) {
            if (last == column) {
                properties.key("column order");
                appendStringInfoChar(&properties.text, '[');
            } else {
                appendStringInfoChar(&properties.text, ',');
            }
            escape_json(&properties.text, last->name);
        }
        if (last != column)
            appendStringInfoChar(&properties.text, ']');
        properties.put("comment", comment(RelationRelationId, table.oid, 0));
        properties.put("owner", texts->owner(table.owner));
        meanings.begin();
        meanings.put("", psprintf("%u.%s", table.schema, table.name));
        found.facts.push({&table, nullptr, nullptr, properties.end(), table.oid, meanings.end_or_none()});
    }
}

// Of an identity column; nullptr where a query has to tell it.
const ScannedRelation *Facts::plain_sequence(const ScannedRelation &table,
                                             const ScannedColumn &column) const {
    const ScannedSequence *place =
        std::lower_bound(scan.sequences.begin(), scan.sequences.end(), column,
                         [](const ScannedSequence &one, const ScannedColumn &wanted) {
                             return one.relation != wanted.relation ? one.relation < wanted.relation
                                                                    : one.number < wanted.number;
                         });
    if (!table.permanent || place == scan.sequences.end() || place->relation != column.relation ||
        place->number != column.number)
        return nullptr;
    const ScannedRelation *sequence = scan.relation(place->sequence);
    return sequence != nullptr && sequence->plain_sequence ? sequence : nullptr;
}

void Facts::columns() {
    for (const ScannedColumn &column : scan.columns) {
        const ScannedRelation *table = scan.relation(column.relation);
        const TypeText &type = texts->type(column.type, column.typmod);
        const ScannedRelation *sequence =
            column.identity == '\0' || column.odd ? nullptr : plain_sequence(*table, column);
        if (column.odd || (column.identity != '\0' && sequence == nullptr) ||
            column.storage != type.storage || column.collation != type.collation) {
            found.odd_columns.push(
                {column.relation, static_cast<int64>(column.relation) * 65536 + column.number});
            continue;
        }
        CHECK_FOR_INTERRUPTS();
        properties.begin();
        properties.put("comment", comment(RelationRelationId, column.relation, column.number));
        const ExpressionText *usual = fallback(column.relation, column.number);
        properties.put("default", usual == nullptr ? nullptr : usual->text);
        if (sequence != nullptr) {
            properties.put("identity",
                           column.identity == ATTRIBUTE_IDENTITY_ALWAYS ? "always" : "by default");
            properties.put("identity sequence", quote_identifier(sequence->name));
            properties.put("identity sequence comment", comment(RelationRelationId, sequence->oid, 0));
        }
        properties.put_true("inherited", column.inherited);
        properties.put_true("not null", column.not_null);
        properties.put("type", type.text);
        meanings.begin();
        meanings.put("default", usual == nullptr ? nullptr : usual->meaning);
        meanings.put("type", meaning_of_type(column.type, column.typmod));
        found.facts.push({table, "table column", quote_identifier(column.name), properties.end(),
                          column.number, meanings.end_or_none()});
    }
}

void Facts::constraints() {
    for (const ScannedConstraint &constraint : scan.constraints) {
        if (constraint.clone || strchr("cfpux", constraint.type) == nullptr)
            continue;
        const ScannedRelation *table = scan.relation(constraint.relation);
        if (table == nullptr) // a member's
            continue;
        CHECK_FOR_INTERRUPTS();
        if (!is_object(table->kind) || !constraint.validated || has_odd_index(constraint) ||
            comment(ConstraintRelationId, constraint.oid, 0) != nullptr) {
            found.odd_constraints.push({constraint.relation, constraint.oid});
            continue;
        }
        in_scratch([&] {
            properties.begin();
            properties.put("definition", deparsed(pg_get_constraintdef, ObjectIdGetDatum(constraint.oid)));
            properties.put_true("inherited", constraint.inherited);
            meanings.begin();
            meanings.put("definition", meaning_of_object(ConstraintRelationId, constraint.oid));
        });
        found.facts.push({table, "table constraint", quote_identifier(constraint.name), properties.end(),
                          constraint.oid, meanings.end_or_none()});
    }
}

void Facts::indexes() {
    Array<Oid> behind_constraints{};
    for (const ScannedConstraint &constraint : scan.constraints) {
        if (OidIsValid(constraint.index) && strchr("pux", constraint.type) != nullptr)
            behind_constraints.push(constraint.index);
    }
    if (behind_constraints.size > 1)
        std::sort(behind_constraints.begin(), behind_constraints.end());
    for (const ScannedIndex &index : scan.indexes) {
        const ScannedRelation *own = scan.relation(index.oid);
        const ScannedRelation *table = own == nullptr ? nullptr : scan.relation(index.table);
        if (table == nullptr || own->identity == nullptr ||
            std::binary_search(behind_constraints.begin(), behind_constraints.end(), index.oid))
            continue;
        CHECK_FOR_INTERRUPTS();
        if (!own->plain_index || !is_object(table->kind) ||
            comment(RelationRelationId, index.oid, 0) != nullptr) {
            found.odd_indexes.push({index.table, index.oid});
            continue;
        }
        in_scratch([&] {
            const char *definition = plain_index_definition(index, scan, classes);
            properties.begin();
            properties.put("definition", definition != nullptr
                                             ? definition
                                             : deparsed(pg_get_indexdef, ObjectIdGetDatum(index.oid)));
            meanings.begin();
            meanings.put("definition", meaning_of_object(RelationRelationId, index.oid));
        });
        found.facts.push({table, "index", quote_identifier(own->name), properties.end(), index.oid,
                          meanings.end_or_none()});
    }
}

} // namespace

PlainFacts plain_facts(const ScannedCatalogs &catalogs) {
    Facts facts{.scan = catalogs, .texts = static_cast<Texts *>(palloc0(sizeof(Texts)))};
    initStringInfo(&facts.properties.text);
    initStringInfo(&facts.meanings.text);
    facts.scratch =
        AllocSetContextCreate(CurrentMemoryContext, "turnstone deparsing", ALLOCSET_DEFAULT_SIZES);
    facts.classes.known.reserve();
    facts.tables();
    facts.columns();
    facts.constraints();
    facts.indexes();
    MemoryContextDelete(facts.scratch);
    return facts.found;
}

} // namespace turnstone::server
