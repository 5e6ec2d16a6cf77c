-- A database as turnstone 0.1.0 left it, dumped with that version: applied, undone, tagged, marked and failed migrations, one cut
-- off between its statements, a policy, a seed, a variable, and rights that were granted. t/015_update.t updates it. Never edited.
--
-- PostgreSQL database dump
--


-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: shop; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA shop;


--
-- Name: turnstone; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION turnstone WITH SCHEMA public VERSION '0.1.0';


--
-- Name: EXTENSION turnstone; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION turnstone IS 'migrations applied, rolled back and checked for drift by the server itself';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: item; Type: TABLE; Schema: shop; Owner: -
--

CREATE TABLE shop.item (
    id integer NOT NULL,
    name text NOT NULL,
    updated_at timestamp with time zone
);


--
-- Name: named; Type: VIEW; Schema: shop; Owner: -
--

CREATE VIEW shop.named AS
 SELECT item.name
   FROM shop.item;


--
-- Data for Name: item; Type: TABLE DATA; Schema: shop; Owner: -
--

COPY shop.item (id, name, updated_at) FROM stdin;
1	item 1	\N
2	item 2	\N
3	item 3	\N
4	item 4	\N
5	item 5	\N
6	item 6	\N
7	item 7	\N
8	item 8	\N
9	item 9	\N
10	item 10	\N
99	sample	\N
\.


--
-- Data for Name: journal; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.journal (id, run, event, state, version, name, checksum, script, reason, statements, rows, wal_bytes, started_at, finished_at, duration, session_role, role, search_path, application, client_address, backend, transaction, server_version, turnstone_version, error_sqlstate, error_message, error_detail, error_hint, error_context, error_statement, error_line, error_column) FROM stdin;
1	1	apply	applied	1	1_create.sql	305503d49d0472f03df079445626052d46f78308cd4f16f14daa1df230441a4a	\\x2d2d202b6d6967726174652055700a43524541544520534348454d412073686f703b0a435245415445205441424c452073686f702e6974656d2028696420696e74205052494d415259204b45592c206e616d652074657874204e4f54204e554c4c2c20757064617465645f61742074696d657374616d70747a293b0a43524541544520564945572073686f702e6e616d65642041532053454c454354206e616d652046524f4d2073686f702e6974656d3b0a2d2d202b6d69677261746520446f776e0a44524f5020534348454d412073686f7020434153434144453b0a	\N	3	0	17353	2026-11-21 20:36:54.706204+00	2026-11-21 20:36:54.707963+00	00:00:00.001759	postgres	postgres	"$user", public	psql	\N	29764	733	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
2	1	apply	applied	2	2_fill.sql	19cbca3cc6488612681423fd95f4cac49150b78f01acfaa5aa69cd90a1f2d3b2	\\x2d2d202b6d6967726174652055700a494e5345525420494e544f2073686f702e6974656d2053454c454354206e2c20276974656d2027207c7c206e2046524f4d2067656e65726174655f73657269657328312c20313029206e3b0a2d2d202b6d69677261746520446f776e0a44454c4554452046524f4d2073686f702e6974656d3b0a	\N	1	10	1391	2026-11-21 20:36:54.708194+00	2026-11-21 20:36:54.708388+00	00:00:00.000194	postgres	postgres	"$user", public	psql	\N	29764	733	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
3	2	apply	applied	3	3_index.sql	22acb7f682b13fb7bed22674c421aaecbea71d5821c99b8a8a1a1a9f23832604	\\x2d2d202b6d696772617465205570206e6f7472616e73616374696f6e0a43524541544520494e44455820434f4e43555252454e544c59206974656d5f6e616d65204f4e2073686f702e6974656d20286e616d65293b0a2d2d202b6d69677261746520446f776e206e6f7472616e73616374696f6e0a44524f5020494e44455820434f4e43555252454e544c592073686f702e6974656d5f6e616d653b0a	\N	1	0	2689	2026-11-21 20:36:54.732702+00	2026-11-21 20:36:54.733309+00	00:00:00.000607	postgres	postgres	"$user", public	psql	\N	29764	740	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
4	3	policy	\N		updated_at	4e1b8f817808dfd09dc4cb312740038f0dfc580e7099be6f6c41a4819ca54509	\N	declared: schemas: shop; exclude: none; arguments: policy=updated_at; stamps	0	0	0	2026-11-21 20:36:54.756219+00	2026-11-21 20:36:54.756219+00	00:00:00	postgres	postgres	"$user", public	psql	\N	29764	742	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
5	4	tag	\N	3	3_index.sql	22acb7f682b13fb7bed22674c421aaecbea71d5821c99b8a8a1a1a9f23832604	\N	first	0	0	0	2026-11-21 20:36:54.770121+00	2026-11-21 20:36:54.770121+00	00:00:00	postgres	postgres	"$user", public	psql	\N	29764	743	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
6	5	rollback	pending	3	3_index.sql	22acb7f682b13fb7bed22674c421aaecbea71d5821c99b8a8a1a1a9f23832604	\\x2d2d202b6d696772617465205570206e6f7472616e73616374696f6e0a43524541544520494e44455820434f4e43555252454e544c59206974656d5f6e616d65204f4e2073686f702e6974656d20286e616d65293b0a2d2d202b6d69677261746520446f776e206e6f7472616e73616374696f6e0a44524f5020494e44455820434f4e43555252454e544c592073686f702e6974656d5f6e616d653b0a	\N	1	0	613	2026-11-21 20:36:54.777709+00	2026-11-21 20:36:54.777937+00	00:00:00.000228	postgres	postgres	"$user", public	psql	\N	29764	750	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
7	6	apply	applied	3	3_index.sql	22acb7f682b13fb7bed22674c421aaecbea71d5821c99b8a8a1a1a9f23832604	\\x2d2d202b6d696772617465205570206e6f7472616e73616374696f6e0a43524541544520494e44455820434f4e43555252454e544c59206974656d5f6e616d65204f4e2073686f702e6974656d20286e616d65293b0a2d2d202b6d69677261746520446f776e206e6f7472616e73616374696f6e0a44524f5020494e44455820434f4e43555252454e544c592073686f702e6974656d5f6e616d653b0a	\N	1	0	2535	2026-11-21 20:36:54.788278+00	2026-11-21 20:36:54.788937+00	00:00:00.000659	postgres	postgres	"$user", public	psql	\N	29764	757	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
8	7	apply	\N	4	4_partial.sql	8f9e4b687cd9c6b38edd5fac849d052d3e236096f58e0ee93507b22ab513df74	\\x2d2d202b6d696772617465205570206e6f7472616e73616374696f6e0a43524541544520494e44455820434f4e43555252454e544c59206974656d5f7570706572204f4e2073686f702e6974656d20287570706572286e616d6529293b0a53454c4543542031202f202853454c45435420636f756e74282a292046524f4d2073686f702e6c61746572293b0a	\N	1	0	0	2026-11-21 20:36:54.804228+00	2026-11-21 20:36:54.810509+00	00:00:00.006281	postgres	postgres	"$user", public	psql	\N	29764	0	15.20 (Debian 15.20-0+deb12u1)	0.1.0	42P01	relation "shop.later" does not exist	\N	\N	migration "4_partial.sql" (up), statement 2, line 3, column 34:\n    3 | SELECT 1 / (SELECT count(*) FROM shop.later);\n      |                                  ^\n0 of 1 migrations are applied and committed. "4_partial.sql" is applied in part: the next CALL migrate_deploy() goes on where it stopped.	2	3	34
9	8	seed	applied	S__sample	S__sample.sql	c0729acd1fee0cafa633a94dda38c6eb3730764fffc2986867af581e0d82ba69	\\x494e5345525420494e544f2073686f702e6974656d2056414c554553202839392c202773616d706c6527293b	\N	1	1	258	2026-11-21 20:36:54.82952+00	2026-11-21 20:36:54.829659+00	00:00:00.000139	postgres	postgres	"$user", public	psql	\N	29764	769	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
10	9	mark	applied	6	6_marked.sql	e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5	\N	ran by hand	0	0	0	2026-11-21 20:36:54.837576+00	2026-11-21 20:36:54.837576+00	00:00:00	postgres	postgres	"$user", public	psql	\N	29764	772	15.20 (Debian 15.20-0+deb12u1)	0.1.0	\N	\N	\N	\N	\N	\N	\N	\N
\.


--
-- Data for Name: migration; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.migration (version, version_key, name, description, kind, format, script, down_script, up_transactional, down_transactional, checksum, has_down, requirements, conflicts, tags, out_of_order_allowed, placeholders, environments, registered_at, registered_by) FROM stdin;
1	{1}	1_create.sql	create	versioned	native	\\x2d2d202b6d6967726174652055700a43524541544520534348454d412073686f703b0a435245415445205441424c452073686f702e6974656d2028696420696e74205052494d415259204b45592c206e616d652074657874204e4f54204e554c4c2c20757064617465645f61742074696d657374616d70747a293b0a43524541544520564945572073686f702e6e616d65642041532053454c454354206e616d652046524f4d2073686f702e6974656d3b0a2d2d202b6d69677261746520446f776e0a44524f5020534348454d412073686f7020434153434144453b0a	\N	t	t	305503d49d0472f03df079445626052d46f78308cd4f16f14daa1df230441a4a	t	{}	{}	{}	f	f	{}	2026-11-21 20:36:54.70229+00	postgres
2	{2}	2_fill.sql	fill	versioned	native	\\x2d2d202b6d6967726174652055700a494e5345525420494e544f2073686f702e6974656d2053454c454354206e2c20276974656d2027207c7c206e2046524f4d2067656e65726174655f73657269657328312c20313029206e3b0a2d2d202b6d69677261746520446f776e0a44454c4554452046524f4d2073686f702e6974656d3b0a	\N	t	t	19cbca3cc6488612681423fd95f4cac49150b78f01acfaa5aa69cd90a1f2d3b2	t	{}	{}	{}	f	f	{}	2026-11-21 20:36:54.703481+00	postgres
3	{3}	3_index.sql	index	versioned	native	\\x2d2d202b6d696772617465205570206e6f7472616e73616374696f6e0a43524541544520494e44455820434f4e43555252454e544c59206974656d5f6e616d65204f4e2073686f702e6974656d20286e616d65293b0a2d2d202b6d69677261746520446f776e206e6f7472616e73616374696f6e0a44524f5020494e44455820434f4e43555252454e544c592073686f702e6974656d5f6e616d653b0a	\N	t	t	22acb7f682b13fb7bed22674c421aaecbea71d5821c99b8a8a1a1a9f23832604	t	{}	{}	{}	f	f	{}	2026-11-21 20:36:54.703684+00	postgres
4	{4}	4_partial.sql	partial	versioned	native	\\x2d2d202b6d696772617465205570206e6f7472616e73616374696f6e0a43524541544520494e44455820434f4e43555252454e544c59206974656d5f7570706572204f4e2073686f702e6974656d20287570706572286e616d6529293b0a53454c4543542031202f202853454c45435420636f756e74282a292046524f4d2073686f702e6c61746572293b0a	\N	t	t	8f9e4b687cd9c6b38edd5fac849d052d3e236096f58e0ee93507b22ab513df74	f	{}	{}	{}	f	f	{}	2026-11-21 20:36:54.770679+00	postgres
5	{5}	5_pending.sql	pending	versioned	native	\\x2d2d202b6d6967726174652055700a435245415445205441424c452073686f702e6c617465722028696420696e74293b0a2d2d202b6d69677261746520446f776e0a44524f50205441424c452073686f702e6c617465723b0a	\N	t	t	9c5f08a4b3b08d1c08b1ec592b00a4eeb77d7a55822488cdadc6d5f9f3731146	t	{}	{}	{}	f	f	{}	2026-11-21 20:36:54.822602+00	postgres
R__report	\N	R__report.sql	report	repeatable	native	\\x435245415445204f52205245504c4143452056494557207075626c69632e7265706f72742041532053454c45435420636f756e74282a29204153206974656d732046524f4d2070675f636174616c6f672e70675f636c6173733b	\N	t	t	6a8252a228c05d25aba9e586387980f2e24d2fc6ccca0cb95cb2edeb575eefcf	f	{}	{}	{}	f	f	{}	2026-11-21 20:36:54.822931+00	postgres
S__sample	\N	S__sample.sql	sample	seed	native	\\x494e5345525420494e544f2073686f702e6974656d2056414c554553202839392c202773616d706c6527293b	\N	t	t	c0729acd1fee0cafa633a94dda38c6eb3730764fffc2986867af581e0d82ba69	f	{}	{}	{}	f	f	{}	2026-11-21 20:36:54.823066+00	postgres
6	{6}	6_marked.sql	marked	versioned	native	\\x53454c4543542031	\N	t	t	e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5	f	{}	{}	{}	f	f	{}	2026-11-21 20:36:54.836811+00	postgres
\.


--
-- Data for Name: recorded_object; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.recorded_object (object_type, identity, since, until, document) FROM stdin;
schema	public	1	\N	{"properties":{"comment":"standard public schema","owner":"pg_database_owner","privileges":"pg_database_owner: create, usage; public: usage"},"parts":[]}
schema	shop	1	\N	{"properties":{"owner":"postgres"},"parts":[]}
view	shop.named	1	\N	{"properties":{"definition":" SELECT item.name\\n   FROM shop.item;","owner":"postgres"},"parts":[]}
table	shop.item	1	2	{"properties":{"access method":"heap","column order":["id","name","updated_at"],"owner":"postgres"},"parts":[\n["table column","shop.item.id",{"not null":true,"type":"integer"}],\n["table column","shop.item.name",{"not null":true,"type":"text"}],\n["table column","shop.item.updated_at",{"type":"timestamp with time zone"}],\n["table constraint","item_pkey on shop.item",{"definition":"PRIMARY KEY (id)"}]]}
table	shop.item	2	3	{"properties":{"access method":"heap","column order":["id","name","updated_at"],"owner":"postgres"},"parts":[\n["index","shop.item_name",{"definition":"CREATE INDEX item_name ON shop.item USING btree (name)"}],\n["table column","shop.item.id",{"not null":true,"type":"integer"}],\n["table column","shop.item.name",{"not null":true,"type":"text"}],\n["table column","shop.item.updated_at",{"type":"timestamp with time zone"}],\n["table constraint","item_pkey on shop.item",{"definition":"PRIMARY KEY (id)"}]]}
table	shop.item	3	4	{"properties":{"access method":"heap","column order":["id","name","updated_at"],"owner":"postgres"},"parts":[\n["index","shop.item_name",{"definition":"CREATE INDEX item_name ON shop.item USING btree (name)"}],\n["table column","shop.item.id",{"not null":true,"type":"integer"}],\n["table column","shop.item.name",{"not null":true,"type":"text"}],\n["table column","shop.item.updated_at",{"type":"timestamp with time zone"}],\n["table constraint","item_pkey on shop.item",{"definition":"PRIMARY KEY (id)"}],\n["trigger","set_updated_at on shop.item",{"comment":"keeps \\"updated_at\\" under the policy \\"updated_at\\" (turnstone)","definition":"CREATE TRIGGER set_updated_at BEFORE UPDATE ON shop.item FOR EACH ROW EXECUTE FUNCTION public.turnstone_set_updated_at('policy=updated_at')"}]]}
table	shop.item	4	5	{"properties":{"access method":"heap","column order":["id","name","updated_at"],"owner":"postgres"},"parts":[\n["table column","shop.item.id",{"not null":true,"type":"integer"}],\n["table column","shop.item.name",{"not null":true,"type":"text"}],\n["table column","shop.item.updated_at",{"type":"timestamp with time zone"}],\n["table constraint","item_pkey on shop.item",{"definition":"PRIMARY KEY (id)"}],\n["trigger","set_updated_at on shop.item",{"comment":"keeps \\"updated_at\\" under the policy \\"updated_at\\" (turnstone)","definition":"CREATE TRIGGER set_updated_at BEFORE UPDATE ON shop.item FOR EACH ROW EXECUTE FUNCTION public.turnstone_set_updated_at('policy=updated_at')"}]]}
table	shop.item	5	6	{"properties":{"access method":"heap","column order":["id","name","updated_at"],"owner":"postgres"},"parts":[\n["index","shop.item_name",{"definition":"CREATE INDEX item_name ON shop.item USING btree (name)"}],\n["table column","shop.item.id",{"not null":true,"type":"integer"}],\n["table column","shop.item.name",{"not null":true,"type":"text"}],\n["table column","shop.item.updated_at",{"type":"timestamp with time zone"}],\n["table constraint","item_pkey on shop.item",{"definition":"PRIMARY KEY (id)"}],\n["trigger","set_updated_at on shop.item",{"comment":"keeps \\"updated_at\\" under the policy \\"updated_at\\" (turnstone)","definition":"CREATE TRIGGER set_updated_at BEFORE UPDATE ON shop.item FOR EACH ROW EXECUTE FUNCTION public.turnstone_set_updated_at('policy=updated_at')"}]]}
table	shop.item	6	\N	{"properties":{"access method":"heap","column order":["id","name","updated_at"],"owner":"postgres"},"parts":[\n["index","shop.item_name",{"definition":"CREATE INDEX item_name ON shop.item USING btree (name)"}],\n["index","shop.item_upper",{"definition":"CREATE INDEX item_upper ON shop.item USING btree (upper(name))"}],\n["table column","shop.item.id",{"not null":true,"type":"integer"}],\n["table column","shop.item.name",{"not null":true,"type":"text"}],\n["table column","shop.item.updated_at",{"type":"timestamp with time zone"}],\n["table constraint","item_pkey on shop.item",{"definition":"PRIMARY KEY (id)"}],\n["trigger","set_updated_at on shop.item",{"comment":"keeps \\"updated_at\\" under the policy \\"updated_at\\" (turnstone)","definition":"CREATE TRIGGER set_updated_at BEFORE UPDATE ON shop.item FOR EACH ROW EXECUTE FUNCTION public.turnstone_set_updated_at('policy=updated_at')"}]]}
\.


--
-- Data for Name: run; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.run (id, command, target, started_at, state, finished_at, backend, role, progress_handle, error_sqlstate, error_message, error_detail, error_hint, error_context) FROM stdin;
1	apply	2	2026-11-21 20:36:54.705699+00	done	\N	\N	\N	\N	\N	\N	\N	\N	\N
2	deploy	\N	2026-11-21 20:36:54.73016+00	done	2026-11-21 20:36:54.740472+00	29764	postgres	3913657676	\N	\N	\N	\N	\N
3	policy	updated_at	2026-11-21 20:36:54.756075+00	done	\N	\N	\N	\N	\N	\N	\N	\N	\N
4	tag	\N	2026-11-21 20:36:54.770023+00	done	\N	\N	\N	\N	\N	\N	\N	\N	\N
5	revert	-1	2026-11-21 20:36:54.771586+00	done	2026-11-21 20:36:54.785569+00	29764	postgres	3626883646	\N	\N	\N	\N	\N
6	deploy	3	2026-11-21 20:36:54.78645+00	done	2026-11-21 20:36:54.796585+00	29764	postgres	1878777704	\N	\N	\N	\N	\N
7	deploy	\N	2026-11-21 20:36:54.802029+00	failed	2026-11-21 20:36:54.810584+00	29764	postgres	3949857770	42P01	relation "shop.later" does not exist	\N	\N	migration "4_partial.sql" (up), statement 2, line 3, column 34:\n    3 | SELECT 1 / (SELECT count(*) FROM shop.later);\n      |                                  ^\n0 of 1 migrations are applied and committed. "4_partial.sql" is applied in part: the next CALL migrate_deploy() goes on where it stopped.
8	seed	development	2026-11-21 20:36:54.829437+00	done	\N	\N	\N	\N	\N	\N	\N	\N	\N
9	mark	6	2026-11-21 20:36:54.837527+00	done	\N	\N	\N	\N	\N	\N	\N	\N	\N
\.


--
-- Data for Name: snapshot; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.snapshot (id, taken_at, journal_id, objects, server_version_num, stale, fingerprint) FROM stdin;
1	2026-11-21 20:36:54.724094+00	2	8	150020	f	-7727739388300077980
2	2026-11-21 20:36:54.740216+00	3	9	150020	f	242740343826271725
3	2026-11-21 20:36:54.764102+00	4	10	150020	f	1160333102167476614
4	2026-11-21 20:36:54.785378+00	6	9	150020	f	-6810146629958873091
5	2026-11-21 20:36:54.796411+00	7	10	150020	f	2493442338976513826
6	2026-11-21 20:36:54.815709+00	8	11	150020	f	3921774476360864981
7	2026-11-21 20:36:54.832519+00	9	11	150020	f	3921774476360864981
\.


--
-- Data for Name: step; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.step (id, run, version, direction, checksum, statement, text, state, before, attempts, started_at, finished_at, error_sqlstate, error_message, settled_by) FROM stdin;
1	2	3	up	22acb7f682b13fb7bed22674c421aaecbea71d5821c99b8a8a1a1a9f23832604	1	CREATE INDEX CONCURRENTLY item_name ON shop.item (name)	done	16565	1	2026-11-21 20:36:54.732263+00	2026-11-21 20:36:54.733039+00	\N	\N	3
3	5	3	down	22acb7f682b13fb7bed22674c421aaecbea71d5821c99b8a8a1a1a9f23832604	1	DROP INDEX CONCURRENTLY shop.item_name	done	\N	1	2026-11-21 20:36:54.77722+00	2026-11-21 20:36:54.777545+00	\N	\N	6
5	6	3	up	22acb7f682b13fb7bed22674c421aaecbea71d5821c99b8a8a1a1a9f23832604	1	CREATE INDEX CONCURRENTLY item_name ON shop.item (name)	done	16565	1	2026-11-21 20:36:54.788136+00	2026-11-21 20:36:54.788874+00	\N	\N	7
7	7	4	up	8f9e4b687cd9c6b38edd5fac849d052d3e236096f58e0ee93507b22ab513df74	1	CREATE INDEX CONCURRENTLY item_upper ON shop.item (upper(name))	done	16565 16573	1	2026-11-21 20:36:54.803453+00	2026-11-21 20:36:54.804186+00	\N	\N	\N
9	7	4	up	8f9e4b687cd9c6b38edd5fac849d052d3e236096f58e0ee93507b22ab513df74	2	SELECT 1 / (SELECT count(*) FROM shop.later)	failed	nothing committed	1	2026-11-21 20:36:54.809892+00	2026-11-21 20:36:54.809893+00	42P01	relation "shop.later" does not exist	\N
\.


--
-- Data for Name: tag; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.tag (tag, version, tagged_at, tagged_by) FROM stdin;
first	3	2026-11-21 20:36:54.769098+00	postgres
\.


--
-- Data for Name: updated_at_alias; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.updated_at_alias (schema_name, function_name, column_name, clock, stamp_when, unit) FROM stdin;
\.


--
-- Data for Name: updated_at_policy; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.updated_at_policy (name, schemas, exclude, column_name, clock, stamp_when, unit, declared_at, declared_by) FROM stdin;
updated_at	{shop}	{}	updated_at	transaction	always	\N	2026-11-21 20:36:54.74511+00	postgres
\.


--
-- Data for Name: variable; Type: TABLE DATA; Schema: turnstone; Owner: -
--

COPY turnstone.variable (name, value, set_at, set_by) FROM stdin;
greeting	hello	2026-11-21 20:36:54.70176+00	postgres
\.


--
-- Name: journal_id_seq; Type: SEQUENCE SET; Schema: turnstone; Owner: -
--

SELECT pg_catalog.setval('turnstone.journal_id_seq', 10, true);


--
-- Name: run_id_seq; Type: SEQUENCE SET; Schema: turnstone; Owner: -
--

SELECT pg_catalog.setval('turnstone.run_id_seq', 9, true);


--
-- Name: snapshot_id_seq; Type: SEQUENCE SET; Schema: turnstone; Owner: -
--

SELECT pg_catalog.setval('turnstone.snapshot_id_seq', 7, true);


--
-- Name: step_id_seq; Type: SEQUENCE SET; Schema: turnstone; Owner: -
--

SELECT pg_catalog.setval('turnstone.step_id_seq', 9, true);


--
-- Name: item item_pkey; Type: CONSTRAINT; Schema: shop; Owner: -
--

ALTER TABLE ONLY shop.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (id);


--
-- Name: item_name; Type: INDEX; Schema: shop; Owner: -
--

CREATE INDEX item_name ON shop.item USING btree (name);


--
-- Name: item_upper; Type: INDEX; Schema: shop; Owner: -
--

CREATE INDEX item_upper ON shop.item USING btree (upper(name));


--
-- Name: item set_updated_at; Type: TRIGGER; Schema: shop; Owner: -
--

CREATE TRIGGER set_updated_at BEFORE UPDATE ON shop.item FOR EACH ROW EXECUTE FUNCTION public.turnstone_set_updated_at('policy=updated_at');


--
-- Name: TRIGGER set_updated_at ON item; Type: COMMENT; Schema: shop; Owner: -
--

COMMENT ON TRIGGER set_updated_at ON shop.item IS 'keeps "updated_at" under the policy "updated_at" (turnstone)';


--
-- Name: FUNCTION migrate_drift(schemas text[], OUT change text, OUT object_type text, OUT identity text, OUT property text, OUT expected text, OUT actual text); Type: ACL; Schema: public; Owner: -
--

GRANT ALL ON FUNCTION public.migrate_drift(schemas text[], OUT change text, OUT object_type text, OUT identity text, OUT property text, OUT expected text, OUT actual text) TO journal_reader;


--
-- Name: TABLE journal; Type: ACL; Schema: turnstone; Owner: -
--

GRANT SELECT ON TABLE turnstone.journal TO journal_reader;


--
-- PostgreSQL database dump complete
--


