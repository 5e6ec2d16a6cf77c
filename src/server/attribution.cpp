// Owns the way from a recorded object, and each part of it, to what a run's statements did to it.
#include "turnstone/server/attribution.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>

#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// Columns are the relation's, by their number; a composite type has a relation for that.
TouchedObject column_of(const core::Physical &object, const core::Part &part) {
    const auto owner = static_cast<Oid>(object.id);
    const Oid relation =
        object.catalog == TypeRelationId ? pg([&] { return get_typ_typrelid(owner); }) : owner;
    return {RelationRelationId, relation, static_cast<std::int32_t>(part.physical.id)};
}

// By the kind that the name of a member of an extension begins with.
Oid catalog_of_member(std::string_view name) {
    static const std::pair<std::string_view, Oid> kinds[] = {{"function ", ProcedureRelationId},
                                                             {"procedure ", ProcedureRelationId},
                                                             {"aggregate ", ProcedureRelationId},
                                                             {"table ", RelationRelationId},
                                                             {"view ", RelationRelationId},
                                                             {"materialized view ", RelationRelationId},
                                                             {"sequence ", RelationRelationId},
                                                             {"foreign table ", RelationRelationId},
                                                             {"type ", TypeRelationId}};
    for (const auto &[kind, catalog] : kinds) {
        if (name.starts_with(kind))
            return catalog;
    }
    return InvalidOid;
}

} // namespace

TouchedObject object_of_part(const core::Physical &object, const core::Part &part) {
    static const std::unordered_map<std::string_view, Oid> catalogs{
        {"table constraint", ConstraintRelationId},
        {"domain constraint", ConstraintRelationId},
        {"index", RelationRelationId},
        {"trigger", TriggerRelationId},
        {"rule", RewriteRelationId},
        {"policy", PolicyRelationId},
        {"operator of access method", AccessMethodOperatorRelationId},
        {"function of access method", AccessMethodProcedureRelationId},
        {"publication relation", PublicationRelRelationId},
        {"publication namespace", PublicationNamespaceRelationId},
    };
    if (part.type.ends_with("column"))
        return column_of(object, part);
    if (part.type == "extension member")
        return {catalog_of_member(part.name), static_cast<Oid>(part.physical.id), 0};
    const auto found = catalogs.find(part.type);
    if (found == catalogs.end())
        return {};
    return {found->second, static_cast<Oid>(part.physical.id), 0};
}

namespace {

struct InSchema {
    Oid schema;
    std::int32_t kind;
};

InSchema schema_of(const core::Physical &object) {
    const auto oid = static_cast<Oid>(object.id);
    return pg([&]() -> InSchema {
        if (object.catalog == ProcedureRelationId)
            return {get_func_namespace(oid), all_routines_in_schema};
        if (object.catalog == RelationRelationId)
            return {get_rel_namespace(oid), get_rel_relkind(oid) == RELKIND_SEQUENCE ? all_sequences_in_schema
                                                                                     : all_tables_in_schema};
        return {};
    });
}

core::Touched::How how_of(TouchKind kind) {
    switch (kind) {
    case TouchKind::created:
        return core::Touched::How::created;
    case TouchKind::rebuilt:
        return core::Touched::How::rebuilt;
    case TouchKind::altered:
        return core::Touched::How::altered;
    case TouchKind::dropped:
        return core::Touched::How::dropped;
    }
    return core::Touched::How::altered;
}

} // namespace

std::int64_t last_journal_row() {
    static Query query{"select pg_catalog.max(id) from turnstone.journal"};
    return run(query).integer(0, 0);
}

std::size_t Attribution::Hash::operator()(const TouchedObject &what) const noexcept {
    const std::size_t both = (static_cast<std::size_t>(what.catalog) << 32U) | what.object;
    return (both + static_cast<std::size_t>(what.sub)) * 0x9e3779b97f4a7c15U;
}

Attribution::Attribution(const TouchLog *log, core::Origin otherwise) : log_(log), otherwise_(otherwise) {
    if (log_ == nullptr)
        return;
    for (const std::string &name : log_->names())
        names_.push_back(to_utf8(name));
    const std::vector<Touch> &touches = log_->touches();
    for (std::size_t i = 0; i < touches.size(); ++i) {
        const Touch &touch = touches[i];
        if (log_->scripts()[touch.script].journal_id == 0) // of a script that has left no row
            continue;
        by_object_[touch.what].push_back(i);
        some_in_schemas_ = some_in_schemas_ || touch.what.sub < 0;
        roles_renamed_ =
            roles_renamed_ || (touch.what.catalog == AuthIdRelationId && names_[touch.property] == "name");
    }
    for (const Succession &succession : log_->successions())
        take_over(succession);
}

// What was made anew as it was is where it was made first, with all that was altered of either.
void Attribution::take_over(const Succession &succession) {
    std::vector<std::size_t> taken;
    add(succession.from, taken);
    std::erase_if(taken, [&](std::size_t i) { return log_->touches()[i].kind == TouchKind::dropped; });
    std::vector<std::size_t> own;
    add(succession.to, own);
    std::copy_if(own.begin(), own.end(), std::back_inserter(taken),
                 [&](std::size_t i) { return log_->touches()[i].kind == TouchKind::altered; });
    by_object_.insert_or_assign(succession.to, std::move(taken));
}

void Attribution::add(const TouchedObject &what, std::vector<std::size_t> &found) const {
    const auto own = by_object_.find(what);
    if (own != by_object_.end())
        found.insert(found.end(), own->second.begin(), own->second.end());
}

std::vector<core::Touched> Attribution::touches_of(const core::Physical &object,
                                                   const core::Part *part) const {
    std::vector<std::size_t> found;
    if (by_object_.empty())
        return {};
    if (part != nullptr) {
        const TouchedObject what = object_of_part(object, *part);
        if (OidIsValid(what.catalog) && OidIsValid(what.object))
            add(what, found);
    } else {
        add({static_cast<Oid>(object.catalog), static_cast<Oid>(object.id), 0}, found);
        if (some_in_schemas_) {
            const InSchema in = schema_of(object);
            add({NamespaceRelationId, in.schema, in.kind}, found);
        }
        add(everything, found);
        std::sort(found.begin(), found.end());
    }
    std::vector<core::Touched> touches;
    touches.reserve(found.size());
    for (const std::size_t i : found) {
        const Touch &touch = log_->touches()[i];
        touches.push_back({how_of(touch.kind),
                           {log_->scripts()[touch.script].journal_id, touch.statement},
                           names_[touch.property]});
    }
    return touches;
}

core::Evidence Attribution::evidence_on(const core::Physical &object) const {
    return {[this, &object](const core::Part *part) { return touches_of(object, part); }, otherwise_,
            roles_renamed_};
}

namespace {

// The origins that are recorded of those objects.
std::map<core::ObjectKey, core::Origins> recorded_origins(const core::Snapshot &objects) {
    static Query query{R"(
        select r.object_type, r.identity, r.origin::pg_catalog.text
          from turnstone.recorded_object r
          join rows from (pg_catalog.unnest($1), pg_catalog.unnest($2)) as wanted(object_type, identity)
            on r.object_type = wanted.object_type and r.identity = wanted.identity
         where r.until is null and r.origin is not null)"};
    if (objects.empty())
        return {};
    std::vector<std::string> types;
    std::vector<std::string> identities;
    for (const auto &[key, unused] : objects) {
        types.push_back(key.type);
        identities.push_back(from_utf8(key.identity));
    }
    const Rows rows = run(query, {types, identities});
    std::map<core::ObjectKey, core::Origins> origins;
    for (std::size_t row = 0; row < rows.size(); ++row)
        origins.emplace(core::ObjectKey{to_utf8(rows.text(row, 1)), rows.text(row, 0)},
                        core::origins_of(to_utf8(rows.text(row, 2))));
    return origins;
}

} // namespace

ChangedOrigins Attribution::of_changes(const core::Snapshot &gone, const core::Snapshot &fresh) const {
    const std::map<core::ObjectKey, core::Origins> known = recorded_origins(gone);
    const core::ById gone_by_id(gone);
    const core::ById fresh_by_id(fresh);
    ChangedOrigins found;
    for (const auto &object : gone) {
        const auto *after = core::counterpart(fresh, fresh_by_id, object);
        const core::Origins removed = core::removals(object, after, evidence_on(object.second.physical));
        found.removals.push_back(removed.empty() ? std::string() : from_utf8(core::origins_text(removed)));
    }
    for (const auto &object : fresh) {
        const auto *before = core::counterpart(gone, gone_by_id, object);
        const auto origins = before == nullptr ? known.end() : known.find(before->first);
        found.origins.push_back(from_utf8(core::origins_text(
            core::origins_behind(before, origins == known.end() ? core::Origins{} : origins->second, object,
                                 evidence_on(object.second.physical)))));
    }
    return found;
}

} // namespace turnstone::server
