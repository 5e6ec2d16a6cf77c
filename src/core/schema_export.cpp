// Owns the form of exported schemas.
#include "turnstone/core/schema_export.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/error.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

constexpr const char *format_key = "turnstone_schema";

// Deeper than anything that export_text() writes; what is read may come from anybody.
constexpr int deepest = 32;

std::string text_of(const json &value) {
    return value.dump(-1, ' ', false, json::error_handler_t::ignore);
}

[[noreturn]] void refuse(const std::string &detail) {
    throw Error(ErrorCode::invalid_argument, "this is no exported schema", detail,
                "Give what migrate_export_schema() or migrate_schema_at() returned.");
}

json parsed(const std::string &text) {
    const auto not_too_deep = [](int depth, json::parse_event_t, json &) {
        if (depth > deepest)
            refuse(fmt::format("It is nested deeper than {} levels.", deepest));
        return true;
    };
    json whole = json::parse(text, not_too_deep, false);
    if (whole.is_discarded())
        refuse("It is no JSON.");
    return whole;
}

void check_format(const json &whole) {
    if (!whole.is_object() || !whole.contains(format_key))
        refuse(fmt::format("The key \"{}\" is missing.", format_key));
    const json &format = whole[format_key];
    if (!format.is_number_integer() || format < 1)
        refuse(fmt::format("\"{}\" is no format's number.", format_key));
    if (format > schema_export_format)
        throw Error(
            ErrorCode::invalid_argument,
            fmt::format("the exported schema has format {}, which this version of turnstone does not know",
                        text_of(format)),
            fmt::format("The newest that it knows is {}.", schema_export_format),
            "Compare it with the version of turnstone that wrote it, or a newer one.");
}

template <class Type>
Type optional_value(const json &whole, const char *key) {
    const auto found = whole.find(key);
    if (found == whole.end() || found->is_null())
        return {};
    try {
        return found->get<Type>();
    } catch (const json::exception &) {
        refuse(fmt::format("\"{}\" is of another type than it should be.", key));
    }
}

std::string required_text(const json &object, const char *key, std::size_t number) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (found == object.end() || !found->is_string())
        refuse(fmt::format("Object {} has no \"{}\".", number, key));
    return found->get<std::string>();
}

bool is_document(const json &document) {
    if (!document.is_object() || !document.contains("properties") || !document.contains("parts"))
        return false;
    const json &properties = document["properties"];
    if (!(properties.is_object() || properties.is_null()) || !document["parts"].is_array())
        return false;
    for (const json &part : document["parts"]) {
        if (!part.is_array() || part.size() < 4 || !part[0].is_string() || !part[1].is_string() ||
            !part[2].is_object() || !part[3].is_number_integer())
            return false;
    }
    const auto id = document.find("id");
    return id != document.end() && id->is_array() && id->size() == 2 && (*id)[0].is_number_integer() &&
           (*id)[1].is_number_integer();
}

} // namespace

std::string export_text(const SchemaExport &schema) {
    std::string text = fmt::format(
        "{{\"{}\":{},\n\"server_version_num\":{},\n\"database\":{},\n\"time\":{},\n\"fingerprint\":{},\n",
        format_key, schema_export_format, schema.server_version_num, text_of(json(schema.database)),
        text_of(json(schema.time)), text_of(json(schema.fingerprint)));
    if (schema.journal_id != 0)
        text += fmt::format("\"journal_id\":{},\n", schema.journal_id);
    if (!schema.schemas.empty())
        text += fmt::format("\"schemas\":{},\n", text_of(json(schema.schemas)));
    if (!schema.unmodelled.empty())
        text += fmt::format("\"unmodelled\":{},\n", text_of(json(schema.unmodelled)));
    text += "\"objects\":[";
    bool first = true;
    for (const auto &[key, document] : schema.documents) {
        text += fmt::format("{}\n{{\"type\":{},\"identity\":{},\"document\":{}}}", first ? "" : ",",
                            text_of(json(key.type)), text_of(json(key.identity)), portable(key, document));
        first = false;
    }
    text += "\n]}";
    return text;
}

SchemaExport read_export(const std::string &text) {
    const json whole = parsed(text);
    check_format(whole);
    SchemaExport schema;
    schema.server_version_num = optional_value<std::int64_t>(whole, "server_version_num");
    schema.database = optional_value<std::string>(whole, "database");
    schema.time = optional_value<std::string>(whole, "time");
    schema.fingerprint = optional_value<std::string>(whole, "fingerprint");
    schema.journal_id = optional_value<std::int64_t>(whole, "journal_id");
    schema.schemas = optional_value<std::vector<std::string>>(whole, "schemas");
    schema.unmodelled = optional_value<std::map<std::string, std::string>>(whole, "unmodelled");
    const auto objects = whole.find("objects");
    if (objects == whole.end() || !objects->is_array())
        refuse("It has no list of \"objects\".");
    std::size_t number = 0;
    for (const json &object : *objects) {
        ++number;
        const ObjectKey key{required_text(object, "identity", number), required_text(object, "type", number)};
        const auto document = object.find("document");
        if (document == object.end() || !is_document(*document))
            refuse(fmt::format("The document of object {} is none.", number));
        if (!schema.documents.emplace(key, portable(key, text_of(*document))).second)
            refuse(fmt::format("Object {} is there twice.", number));
    }
    return schema;
}

} // namespace turnstone::core
