// Owns the capture: facts of the queries and of the short way, put together as documents.
#include "turnstone/server/capture.hpp"

#include <map>
#include <set>

#include "turnstone/server/catalog_scan.hpp"
#include "turnstone/server/facts.hpp"
#include "turnstone/server/plain_facts.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/raw_state.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// UTF-8, whatever the database holds. In one without an encoding, bytes that are no UTF-8 become characters
// of the private use area.
std::string utf8(std::string text) {
    const int encoding = GetDatabaseEncoding();
    if (encoding == PG_UTF8)
        return text;
    if (encoding != PG_SQL_ASCII)
        return to_utf8(text);
    if (pg_encoding_verifymbstr(PG_UTF8, text.data(), static_cast<int>(text.size())) ==
        static_cast<int>(text.size()))
        return text;
    std::string replaced;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x80)
            replaced += letter;
        else // U+E000 and the byte
            replaced.append(
                {'\xee', static_cast<char>(0x80 | (byte >> 6)), static_cast<char>(0x80 | (byte & 0x3f))});
    }
    return replaced;
}

const char *relation_type(char kind) {
    switch (kind) {
    case RELKIND_FOREIGN_TABLE:
        return "foreign table";
    case RELKIND_VIEW:
        return "view";
    case RELKIND_MATVIEW:
        return "materialized view";
    case RELKIND_SEQUENCE:
        return "sequence";
    default:
        return "table";
    }
}

class Capture {
  public:
    void put(Oid catalog, const Rows &rows);
    void put(const PlainFacts &plain);
    void put_parts(FactQuery &query, const Array<PartKey> &parts);

    void keep(const std::set<RootId> &roots) {
        std::erase_if(objects_, [&](const auto &object) {
            const core::Physical &physical = object.second.physical;
            return !roots.contains({static_cast<Oid>(physical.catalog), static_cast<Oid>(physical.id)});
        });
    }

    [[nodiscard]] core::SchemaDocuments end() {
        core::SchemaDocuments documents;
        for (auto &[root, object] : objects_)
            documents.emplace_hint(documents.end(), root, core::document_of(object));
        return documents;
    }

  private:
    core::Snapshot objects_;
};

std::string canonical(const Rows &rows, std::size_t row, std::size_t column) {
    return rows.is_null(row, column) ? std::string()
                                     : core::canonical_properties(utf8(rows.text(row, column)));
}

void Capture::put(Oid catalog, const Rows &rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        core::SchemaObject &object = objects_[{utf8(rows.text(row, 1)), rows.text(row, 0)}];
        object.physical.catalog = catalog;
        object.physical.id = rows.integer(row, 2);
        if (rows.is_null(row, 3)) {
            object.properties = canonical(rows, row, 6);
            object.physical.meanings = canonical(rows, row, 7);
        } else {
            object.parts.push_back({rows.text(row, 3),
                                    utf8(rows.text(row, 4)),
                                    canonical(rows, row, 6),
                                    {0, rows.integer(row, 5), canonical(rows, row, 7)}});
        }
    }
}

void Capture::put_parts(FactQuery &query, const Array<PartKey> &parts) {
    if (parts.size == 0)
        return;
    std::vector<std::string> relations;
    std::vector<std::string> numbers;
    for (const PartKey &key : parts) {
        if (std::string relation = std::to_string(key.relation);
            relations.empty() || relations.back() != relation)
            relations.push_back(std::move(relation));
        numbers.push_back(std::to_string(key.part));
    }
    put(query.catalog(), query.of_parts(relations, numbers));
}

void Capture::put(const PlainFacts &plain) {
    const ScannedRelation *table = nullptr;
    core::SchemaObject *object = nullptr;
    const auto text = [](const char *value) { return value == nullptr ? std::string() : utf8(value); };
    for (const PlainFact &fact : plain.facts) {
        if (object == nullptr || fact.table != table) {
            table = fact.table;
            object = &objects_[{utf8(table->identity), relation_type(table->kind)}];
            object->physical.catalog = RelationRelationId;
            object->physical.id = table->oid;
        }
        if (fact.type == nullptr) {
            object->properties = utf8(fact.properties);
            object->physical.meanings = text(fact.meanings);
        } else {
            object->parts.push_back(
                {fact.type, utf8(fact.name), utf8(fact.properties), {0, fact.id, text(fact.meanings)}});
        }
    }
}

} // namespace

namespace {

Capture whole_capture() {
    const MemoryScope memory;
    const PlainFacts plain = pg([] {
        const int level = pin_settings();
        const PlainFacts facts = plain_facts(scan_catalogs());
        AtEOXact_GUC(true, level);
        return facts;
    });
    Capture capture;
    capture.put(plain);
    capture.put_parts(relations_query(), plain.odd_relations);
    capture.put_parts(columns_query(), plain.odd_columns);
    capture.put_parts(constraints_query(), plain.odd_constraints);
    capture.put_parts(indexes_query(), plain.odd_indexes);
    for (FactQuery *query : fact_queries()) {
        const bool told = query == &relations_query() || query == &columns_query() ||
                          query == &constraints_query() || query == &indexes_query();
        if (!told)
            capture.put(query->catalog(), query->of_all());
    }
    return capture;
}

// Whether it is quicker to capture everything: one of a few objects takes as long as seven of all.
bool are_many(const std::vector<RootId> &roots) {
    constexpr std::size_t few = 30;
    static Query query{"select pg_catalog.count(*) from pg_catalog.pg_class where relkind in ('r', 'p', 'v', "
                       "'m', 'f', 'S')"};
    return roots.size() > few &&
           (roots.size() - few) * 7 > static_cast<std::size_t>(run(query).integer(0, 0));
}

} // namespace

core::SchemaDocuments capture_schema() {
    return whole_capture().end();
}

core::SchemaDocuments capture_schema_by_queries() {
    Capture capture;
    for (FactQuery *query : fact_queries())
        capture.put(query->catalog(), query->of_all());
    return capture.end();
}

core::SchemaDocuments capture_objects(const std::vector<RootId> &roots) {
    if (are_many(roots)) {
        Capture capture = whole_capture();
        capture.keep({roots.begin(), roots.end()});
        return capture.end();
    }
    std::map<Oid, std::vector<std::string>> by_catalog;
    for (const RootId &root : roots)
        by_catalog[root.catalog].push_back(std::to_string(root.object));
    Capture capture;
    for (FactQuery *query : fact_queries()) {
        const auto wanted = by_catalog.find(query->catalog());
        if (wanted != by_catalog.end())
            capture.put(query->catalog(), query->of_objects(wanted->second));
    }
    return capture.end();
}

} // namespace turnstone::server
