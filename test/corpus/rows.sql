-- What a release left in its tables when it was killed, recorded; times are of now, and comp1 and open0, whose
-- own are gone, have the password hash of old0. Of those who signed up
-- old0 is through, oldtaken2 was undone, open0 wants the e-mail of old0, open1 and open5 are on their way, and comp1
-- on the way back. test/e2e/e2e_release.py goes on from here.
INSERT INTO hanok_auth.user (id, login_id, password_hash, status, created_at, updated_at) VALUES
    (X'01A2238B644A7BA8932C90D8767E04C0', 'old0',
     '$argon2id$v=19$m=19456,t=2,p=1$HmtHBfXHY5RzK/reUiDsGQ$12n64oenPztwCmtC763XCtwYp2kM3Ol9FKW0Ln7T28I', 'ACTIVE', NOW(6), NOW(6)),
    (X'01A2238BA0287AB5B3B4FF90779249D1', 'comp1',
     '$argon2id$v=19$m=19456,t=2,p=1$HmtHBfXHY5RzK/reUiDsGQ$12n64oenPztwCmtC763XCtwYp2kM3Ol9FKW0Ln7T28I', 'SIGNUP_PENDING', NOW(6), NOW(6)),
    (X'01A2238C24DE75FA80E45703F4A64B24', 'open0',
     '$argon2id$v=19$m=19456,t=2,p=1$HmtHBfXHY5RzK/reUiDsGQ$12n64oenPztwCmtC763XCtwYp2kM3Ol9FKW0Ln7T28I', 'SIGNUP_PENDING', NOW(6), NOW(6)),
    (X'01A2238C25BF78458466D6DEAF5056DA', 'open1',
     '$argon2id$v=19$m=19456,t=2,p=1$LF4jvL076B0O4Zj15YjahA$LBJ8gqypP7S1MGFnPudHiCMVO2nLCwqKL7ujqChboS4', 'SIGNUP_PENDING', NOW(6), NOW(6)),
    (X'01A2238C29DC726ABBAEA3E416EEA673', 'open5',
     '$argon2id$v=19$m=19456,t=2,p=1$yA55Jn6cLpQB7OxOHA/7Rw$mvLOB3WqZaxL+I6AXognriwnXKU+4LOghtmR+X272Iw', 'SIGNUP_PENDING', NOW(6), NOW(6));
INSERT INTO hanok_user.user_inform (user_id, name, email, email_key, phone, version, created_at, updated_at) VALUES
    (X'01A2238B644A7BA8932C90D8767E04C0', 'N old0', 'old0@example.org', 'old0@example.org', '+821012345678', 1, NOW(6), NOW(6));
INSERT INTO hanok_auth.saga (id, subject, type, state, step, version, attempts, reason, data, done, wake_at, deadline_at,
                             started_at, updated_at) VALUES
    (X'01A2238B644A7F54ABC051C26CC4BE26', X'01A2238B644A7BA8932C90D8767E04C0', 'signup', 'SUCCEEDED', 'activate_account', 2, 0, '',
     NULL, 1, NOW(6), NOW(6) + INTERVAL 20 SECOND, NOW(6) - INTERVAL 30 SECOND, NOW(6)),
    (X'01A2238B71D87989979C8A572DA3DF84', X'01A2238B71D8799EB325F9F900A07564', 'signup', 'COMPENSATED', 'create_account', 2, 0, 'email_taken',
     NULL, 1, NOW(6), NOW(6) - INTERVAL 20 SECOND, NOW(6) - INTERVAL 30 SECOND, NOW(6)),
    (X'01A2238BA028715D942D99040C444EC2', X'01A2238BA0287AB5B3B4FF90779249D1', 'signup', 'COMPENSATING', 'register_profile', 59, 7, 'deadline_exceeded',
     '{"name":"N comp1","email":"comp1@example.org","phone":"+821012345678"}', 0, NOW(6), NOW(6) - INTERVAL 20 SECOND, NOW(6) - INTERVAL 30 SECOND, NOW(6)),
    (X'01A2238C24DE7B1484ED94872D954186', X'01A2238C24DE75FA80E45703F4A64B24', 'signup', 'PROCESSING', 'register_profile', 8, 4, '',
     '{"name":"N open0","email":"old0@example.org","phone":"+821012345678"}', 0, NOW(6), NOW(6) + INTERVAL 20 SECOND, NOW(6) - INTERVAL 30 SECOND, NOW(6)),
    (X'01A2238C25BF7F2BB0E497E5615AA23C', X'01A2238C25BF78458466D6DEAF5056DA', 'signup', 'PROCESSING', 'register_profile', 8, 4, '',
     '{"name":"N open1","email":"open1@example.org","phone":"+821012345678"}', 0, NOW(6), NOW(6) + INTERVAL 20 SECOND, NOW(6) - INTERVAL 30 SECOND, NOW(6)),
    (X'01A2238C29DC7ACE90ED4A9C48AC8F61', X'01A2238C29DC726ABBAEA3E416EEA673', 'signup', 'STARTED', 'register_profile', 1, 0, '',
     '{"name":"N open5","email":"open5@example.org","phone":"+821012345678"}', 0, NOW(6), NOW(6) + INTERVAL 20 SECOND, NOW(6) - INTERVAL 30 SECOND, NOW(6));
INSERT INTO hanok_auth.processed_message (consumer, message_key, outcome, deliveries, created_at) VALUES
    ('auth.signup', 'ab0a7edcf99ab9cc8abeb2a5417afb16b78e0dd8692fd34c472dc088f45b81e3',
     'GBBLB4KaN5bSrUsXpRHMN_YbU2mHXNFtzIBm_pLsCxM 01a2238b-644a-7ba8-932c-90d8767e04c0 01a2238b-644a-7f54-abc0-51c26cc4be26', 1, NOW(6)),
    ('auth.signup', 'd74b9983b53f8da42a7bc967718e9da5bd0b08fd9c364826b460735ae829e73e',
     'PVV02Y0UqcY5UW8ajLerJRrPSJNCI-z2zMvQXv9Skgg 01a2238c-24de-75fa-80e4-5703f4a64b24 01a2238c-24de-7b14-84ed-94872d954186', 1, NOW(6)),
    ('auth.signup', '5913a94066efddfb0fb042f1b637f43d9977331adaee0b50e3323c5aa3708894',
     '_RjN3KgYOoTut_EBsQCk5S_TtPU-l6cG-JCxYgl8oD0 01a2238c-29dc-726a-bbae-a3e416eea673 01a2238c-29dc-7ace-90ed-4a9c48ac8f61', 1, NOW(6)),
    ('auth.signup', '0050250a8f964484cb641aad4fe3f3669e0b678248fec941f22c80c6af31e46f',
     'cCxG-gWkKX_NVuu2h2UW3J99Hg_8aBulDqE9csBWx8M 01a2238b-71d8-799e-b325-f9f900a07564 01a2238b-71d8-7989-979c-8a572da3df84', 1, NOW(6)),
    ('auth.signup', '636d22f6a640f7a32b1c8fa5cf1bcf5dc2dcb6efbac26aab497ca25fa48e9d42',
     'kGoLlF7OYqfHSPbRy-RAcviAJRwxpNGcNsTjz84O3AY 01a2238b-a028-7ab5-b3b4-ff90779249d1 01a2238b-a028-715d-942d-99040c444ec2', 1, NOW(6)),
    ('auth.signup', 'afe32e58375b24cce941db000cf43aae3137706edffa6e33ef434ab69e3b17cf',
     'mC8RV-zataw6Tn4oHReyi7fE8GKLeYVPXL2iMqtSo8s 01a2238c-25bf-7845-8466-d6deaf5056da 01a2238c-25bf-7f2b-b0e4-97e5615aa23c', 1, NOW(6));
INSERT INTO hanok_user.processed_message (consumer, message_key, outcome, deliveries, created_at) VALUES
    ('user.registry', '01a2238b-644a-7f54-abc0-51c26cc4be26', 'registered 01a2238b-644a-7ba8-932c-90d8767e04c0', 1, NOW(6)),
    ('user.registry', '01a2238b-71d8-7989-979c-8a572da3df84', 'email_taken', 1, NOW(6));
