-- atlas:delimiter \n\n\n

INSERT INTO pets VALUES (1)


INSERT INTO pets VALUES (2)
