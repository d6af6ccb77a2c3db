package words

import "testing"

// TestExcuses: values that no secret has, by what the name says.
func TestExcuses(t *testing.T) {
	for _, tt := range []struct {
		m    Meaning
		yes  []string
		not  []string
		name string
	}{
		{Secret, []string{"", "true", "No", "0", "htpasswd", "/run/secrets/x", "/certs/domain.key", "./a.b", "../a/b.c", "/x/y/z.pem", "/x/.y"},
			[]string{"x", "2", "truex", "anonymousx", "/wAB3/xyz", "/x", "/etc", "/etcx/y", "/a/b+c=", "a/b.c", "//", "/a b.c", "./a", "yes please", "/x/é.c"}, "auth"},
		{Secret | Strict, []string{""}, []string{"true", "0", "/run/secrets/x"}, "password"},
		{Secret | Strict | Asks, []string{"", "yes", "1", "false"}, []string{"x", "12", "/run/secrets/x"}, "random password"},
		{Secret | Count, []string{"4096", "0", "no"}, []string{"4096x", "x1"}, "tokens"},
		{Secret | Code, []string{"404", "7", "UNAUTHORIZED", "ERR_ABORTED", "UNKNOWN", "A_B", "AccessDenied", "NoSuchKey", "invalid_grant", "Unknown", "Unavailable", "OK"}, []string{"4040", "Access", "invalid", "invalid_grant_", "invalid-grant", "AccessDenieD", "access_", "_access", "ac_de_f", "Ac_De", "ac_D", "AcDe7", "SECRET", "_AB", "A_B1", "a_b", "ERR"}, "code"},
		{Secret | Deep | Strict | Dir, []string{"/", "/a"}, []string{"a", "./a"}, "pwd"},
	} {
		for _, v := range tt.yes {
			if !tt.m.Excuses([]byte(v)) {
				t.Errorf("%s: %q is a secret", tt.name, v)
			}
		}
		for _, v := range tt.not {
			if tt.m.Excuses([]byte(v)) {
				t.Errorf("%s: %q is excused", tt.name, v)
			}
		}
	}
	long := make([]byte, 257)
	for i := range long {
		long[i] = '.'
	}
	copy(long, "/a/b")
	if m := Meaning(Secret); m.Excuses(long) || !m.Excuses(long[:256]) {
		t.Error("the size of paths")
	}
}

// TestMeanings: what names say beside that it is a secret.
func TestMeanings(t *testing.T) {
	for name, want := range map[string]Meaning{
		"password": Secret | Deep | Strict, "dbpassword": Secret | Deep | Strict, "dbPass": Secret | Deep | Strict, "DBPASS": Secret | Deep | Strict,
		"apiKey": Secret | Deep, "keys_hex": Secret | Deep, "key": Secret | Deep | Weak, "KEYS": Secret | Deep | Weak, "key_foo": Secret | Deep | Weak,
		"secret": Secret | Members, "githubtoken": Secret | Members, "tokens": Secret | Members | Count, "max_tokens": Secret | Members | Count,
		"auth": Secret, "proxyauth": Secret, "code": Secret | Code, "codes": Secret | Code, "auth_code_value": Secret | Code, "PWD": Secret | Deep | Strict | Dir, "pwd": Secret | Deep | Strict | Dir,
		"OLDPWD": Secret | Deep | Strict | Dir, "db_pwd": Secret | Deep | Strict, "session_id": Secret, "credentials": Secret | Deep, "stringData": Secret | Deep, "stringdata": Secret | Deep,
		"ALLOW_EMPTY_PASSWORD": Secret | Deep | Strict | Asks, "MYSQL_RANDOM_ROOT_PASSWORD": Secret | Deep | Strict | Asks, "requirePassword": Secret | Deep | Strict | Asks, "ALLOWED_PASSWORD": Secret | Deep | Strict,
		"sessionId_name": 0, "SecretID": 0, "secret_id": Secret | Members, "mySecretID": 0, "id": 0, "string": 0, "code_x": 0, "x_code": 0, "public_key_pem": 0,
	} {
		if got := Of([]byte(name)); got != want {
			t.Errorf("%q: got %b, want %b", name, got, want)
		}
	}
	for name, want := range map[string]bool{"name": true, "db_type": true, "value": false, "": false, "Manager": false} {
		if Names([]byte(name)) != want {
			t.Errorf("%q: want %t", name, want)
		}
	}
}

// TestLongNames: of a long name the end counts, and of many words the last ones.
func TestLongNames(t *testing.T) {
	fill := func(n int, s string) string {
		b := ""
		for len(b) < n {
			b += s
		}
		return b[:n]
	}
	for name, want := range map[string]bool{
		fill(500, "x") + "_password": true, fill(96-len("_token"), "x") + "_token": true, "token_" + fill(96-len("token_"), "x"): true,
		"token_" + fill(96-len("token_")+1, "x"): false, // "oken" tells of nothing
		"password_" + fill(96, "x"):              false,
		fill(60, "a_") + "pin":                   true, "pin_" + fill(2*24, "a_"): false, "pin_" + fill(2*24-2, "a_"): true,
	} {
		if got := Of([]byte(name)) != 0; got != want {
			t.Errorf("%q: got %t", name, got)
		}
	}
}
