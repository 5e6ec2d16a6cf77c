// Owns the search for recorded objects and parts by names as users write them.
#include "turnstone/server/recorded_names.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/schema_documents.hpp"

#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// Where a name may be followed by the types of a routine's arguments.
struct WrittenName {
    std::string name;
    std::optional<std::string> arguments;
};

WrittenName divided(const std::string &text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        quoted = quoted != (text[i] == '"');
        if (quoted || text[i] != '(')
            continue;
        const std::size_t end = text.rfind(')');
        return {text.substr(0, i),
                text.substr(i + 1, end == std::string::npos || end < i ? end : end - i - 1)};
    }
    return {text, std::nullopt};
}

// "a.B.\"C\"" as quoted identifiers: a, b, "C".
std::vector<std::string> identifiers(const std::string &name) {
    const List *list = pg([&] { return textToQualifiedNameList(cstring_to_text(name.c_str())); });
    std::vector<std::string> found;
    for (int i = 0; i < list_length(list); ++i) {
        const char *one = strVal(list_nth(list, i));
        found.emplace_back(pg([&] { return quote_identifier(one); }));
    }
    return found;
}

// As pg_identify_object() writes the types of arguments; none where one of them is not there.
std::optional<std::string> argument_types(const std::string &arguments) {
    std::vector<std::string> types;
    std::string one;
    int depth = 0;
    bool quoted = false;
    const auto add = [&] {
        if (one.find_first_not_of(" \t\r\n") == std::string::npos)
            return true;
        const char *type = pg([&]() -> const char * {
            LOCAL_FCINFO(call, 1);
            InitFunctionCallInfoData(*call, nullptr, 1, InvalidOid, nullptr, nullptr);
            call->args[0].value = PointerGetDatum(cstring_to_text(one.c_str()));
            call->args[0].isnull = false;
            const Datum oid = to_regtype(call);
            return call->isnull ? nullptr : format_type_be_qualified(DatumGetObjectId(oid));
        });
        one.clear();
        if (type != nullptr)
            types.emplace_back(type);
        return type != nullptr;
    };
    for (const char letter : arguments) {
        quoted = quoted != (letter == '"');
        depth += quoted ? 0 : letter == '(' ? 1 : letter == ')' ? -1 : 0;
        if (letter != ',' || depth != 0 || quoted)
            one += letter;
        else if (!add())
            return std::nullopt;
    }
    if (!add())
        return std::nullopt;
    return fmt::format("({})", fmt::join(types, ","));
}

// Under which qualified names an object may be recorded, the first in the search_path first.
std::vector<std::string> candidates(const std::vector<std::string> &names) {
    const std::string whole = fmt::format("{}", fmt::join(names, "."));
    std::vector<std::string> found;
    if (names.size() == 1) {
        for (const std::string &schema : searched_schemas()) {
            const char *name = pg([&] { return quote_identifier(schema.c_str()); });
            found.push_back(fmt::format("{}.{}", name, whole));
        }
    }
    found.push_back(whole);
    return found;
}

struct Found {
    RecordedMatch match;
    bool present;
};

std::vector<Found> found_in(const Rows &rows) {
    std::vector<Found> found;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const core::ObjectKey key{to_utf8(rows.text(row, 1)), rows.text(row, 0)};
        found.push_back({{key, core::object_of(key, to_utf8(rows.text(row, 2))),
                          core::origins_of(to_utf8(rows.text(row, 3))), std::nullopt},
                         rows.boolean(row, 4)});
    }
    return found;
}

// The newest state of each object of one of these identities, or of a routine that has one of these names.
// What is recorded under another name now is returned under that.
std::vector<Found> objects_of(const std::vector<std::string> &identities, bool routines) {
    static Query query{R"(
        with named as (
            select distinct on (r.object_type, r.identity) r.*, pg_catalog.array_position($1, r.identity) as place
              from turnstone.recorded_object r
             where r.identity = any ($1)
                or ($2 and r.object_type in ('function', 'procedure', 'aggregate')
                    and pg_catalog.split_part(r.identity, '(', 1) = any ($1))
             order by r.object_type, r.identity, r.since desc)
        select n.object_type, n.identity, n.document::pg_catalog.text, n.origin::pg_catalog.text, n.until is null
          from named n
         where n.until is null
            or not exists (select from turnstone.recorded_object now
                            where now.object = n.object and now.catalog = n.catalog and now.until is null)
        union all
        select now.object_type, now.identity, now.document::pg_catalog.text, now.origin::pg_catalog.text, true
          from named n
          join turnstone.recorded_object now
            on now.object = n.object and now.catalog = n.catalog and now.until is null
         where n.until is not null)"};
    return found_in(run(query, {identities, routines}));
}

// Objects that have or had a part of that name.
std::vector<Found> objects_with_part(const std::string &part, bool present) {
    static Query query{R"(
        select r.object_type, r.identity, r.document::pg_catalog.text, r.origin::pg_catalog.text, r.until is null
          from turnstone.recorded_object r
         where (r.until is null) = $2
           and exists (select from pg_catalog.json_array_elements(r.document -> 'parts') p where p ->> 1 = $1)
         order by r.since desc)"};
    return found_in(run(query, {part, present}));
}

// Those that are there, where any are; of names along the search_path those of the first schema.
std::vector<RecordedMatch> preferred(std::vector<Found> found, const std::vector<std::string> &identities) {
    const bool any_present =
        std::any_of(found.begin(), found.end(), [](const Found &one) { return one.present; });
    std::vector<RecordedMatch> matches;
    std::size_t best = identities.size();
    const auto place = [&](const Found &one) {
        const std::string identity = from_utf8(one.match.key.identity);
        const auto at = std::find_if(identities.begin(), identities.end(), [&](const std::string &candidate) {
            return identity == candidate || identity.starts_with(candidate + "(");
        });
        return static_cast<std::size_t>(at - identities.begin());
    };
    std::erase_if(found, [&](const Found &one) { return any_present && !one.present; });
    for (const Found &one : found)
        best = std::min(best, place(one));
    for (Found &one : found) {
        if (place(one) == best)
            matches.push_back(std::move(one.match));
    }
    return matches;
}

// The parts that are shown under one of these names. Of those that are no more, the one that went last.
std::vector<RecordedMatch> parts_shown_as(const std::vector<std::string> &identities,
                                          const std::string &part_name, bool present) {
    std::vector<RecordedMatch> matches;
    for (Found &found : objects_with_part(part_name, present)) {
        const RecordedMatch &match = found.match;
        for (const core::Part &part : match.object.parts) {
            const std::string shown = from_utf8(core::part_identity(match.key, part));
            const bool is_it = from_utf8(part.name) == part_name &&
                               std::find(identities.begin(), identities.end(), shown) != identities.end() &&
                               (present || match.origins.contains(core::part_key(part) + "/removed"));
            if (!is_it)
                continue;
            matches.push_back({match.key, match.object, match.origins, part});
            if (!present)
                return matches;
        }
    }
    return matches;
}

std::vector<RecordedMatch> parts_under(const std::vector<std::string> &identities,
                                       const std::string &part_name) {
    std::vector<RecordedMatch> matches = parts_shown_as(identities, part_name, true);
    return matches.empty() ? parts_shown_as(identities, part_name, false) : matches;
}

} // namespace

std::vector<RecordedMatch> recorded_under(const std::string &name) {
    const std::vector<std::string> as_shown{name};
    std::vector<RecordedMatch> matches = preferred(objects_of(as_shown, false), as_shown);
    if (!matches.empty())
        return matches;
    for (const char *of_its_object : {" on ", " of "}) { // as parts are shown
        const std::size_t at = name.find(of_its_object);
        if (at != std::string::npos)
            return parts_under(as_shown, name.substr(0, at));
    }
    const WrittenName written = divided(name);
    const std::vector<std::string> names = identifiers(written.name);
    std::vector<std::string> identities = candidates(names);
    if (written.arguments) {
        const auto types = argument_types(*written.arguments);
        for (std::string &identity : identities)
            identity += types.value_or("(?)");
        return preferred(objects_of(identities, false), identities);
    }
    matches = preferred(objects_of(identities, true), identities);
    if (!matches.empty())
        return matches;
    if (names.size() > 1) { // a column, by its table's name
        identities.clear();
        for (std::string &table : candidates({names.begin(), names.end() - 1}))
            identities.push_back(table + "." + names.back());
    }
    return parts_under(identities, names.back());
}

} // namespace turnstone::server
