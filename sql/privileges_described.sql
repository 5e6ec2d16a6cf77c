-- turnstone.privileges() against aclexplode(): the privileges of every kind of object, with and without grant options, of
-- roles and of PUBLIC, and each list against each.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
CREATE ROLE "regress turnstone ""odd""";
CREATE FUNCTION by_explosion(acl aclitem[], usual aclitem[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH granted AS (
        SELECT given.is_usual, a.grantee, lower(a.privilege_type) AS privilege, bool_or(a.is_grantable) AS is_grantable
          FROM (VALUES (false, acl), (true, usual)) AS given(is_usual, acl)
         CROSS JOIN LATERAL aclexplode(CASE WHEN cardinality(given.acl) > 0 THEN given.acl END) a
         GROUP BY given.is_usual, a.grantee, a.privilege_type
    ), by_grantee AS (
        SELECT is_usual, CASE grantee WHEN 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee,
               string_agg(privilege || CASE WHEN is_grantable THEN '*' ELSE '' END, ', ' ORDER BY privilege COLLATE "C") AS privileges
          FROM granted GROUP BY is_usual, granted.grantee
    )
    SELECT jsonb_object_agg(grantee, coalesce(actual.privileges, 'none'))
      FROM (SELECT grantee, privileges FROM by_grantee WHERE NOT is_usual) AS actual
      FULL JOIN (SELECT grantee, privileges FROM by_grantee WHERE is_usual) AS expected USING (grantee)
     WHERE actual.privileges IS DISTINCT FROM expected.privileges $$;

-- every privilege that there is, by letter; a role that is gone
CREATE TABLE lists (acl aclitem[]);
INSERT INTO lists SELECT acldefault(kind, 10) FROM unnest('{c,r,s,d,f,l,L,n,p,t,F,S,T}'::"char"[]) kind;
INSERT INTO lists VALUES (NULL), ('{}');
INSERT INTO lists SELECT ARRAY[format('%s=%s/%s', role, rights, quote_ident(current_user))::aclitem, format('=%s/%s', rights, quote_ident(current_user))::aclitem]
  FROM unnest(ARRAY[quote_ident('regress turnstone "odd"'), 'pg_monitor']) role,
       unnest(ARRAY['arwdDxt', 'a*r*w*d*D*x*t*', 'ar*w', 'XUC', 'X*UC*', 'TcsA', 'T*c*s*A*', '']) rights;
INSERT INTO lists SELECT array_agg(makeaclitem(4294967290, 10, 'SELECT', grantable)) FROM unnest(ARRAY[true, false]) grantable;
SELECT count(*) > 20 AS many FROM lists;
SELECT one.acl, two.acl, turnstone.privileges(one.acl, two.acl), by_explosion(one.acl, two.acl) FROM lists one, lists two
 WHERE turnstone.privileges(one.acl, two.acl) IS DISTINCT FROM by_explosion(one.acl, two.acl);
SELECT turnstone.privileges('{pg_monitor=r*w/pg_monitor}', '{pg_monitor=r/pg_monitor,=r/pg_monitor}');
SELECT turnstone.privileges(acldefault('r', 10), acldefault('r', 10)) IS NULL AS usual;

-- and every letter that this server knows
SELECT DISTINCT e.privilege_type FROM pg_catalog.unnest('{c,r,s,d,f,l,L,n,p,t,F,S,T}'::"char"[]) kind, pg_catalog.aclexplode(acldefault(kind, 10)) e
 WHERE NOT EXISTS (SELECT FROM jsonb_each_text(turnstone.privileges(ARRAY[makeaclitem('pg_monitor'::regrole, 10, e.privilege_type, false)], '{}')) p
                    WHERE p.value = lower(e.privilege_type));

DROP EXTENSION turnstone;
DROP TABLE lists;
DROP FUNCTION by_explosion(aclitem[], aclitem[]);
DROP ROLE "regress turnstone ""odd""";
