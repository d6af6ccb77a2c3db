package text

import (
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// TestAssignments: what quotes command lines. "*" is a placeholder.
func TestAssignments(t *testing.T) {
	r := NewRules(name.NewGiven([]string{"x-custom"}), mask.NewMarks(nil))
	for in, want := range map[string]string{
		"x --password=q,q y":                  "x --password=* y",
		"export API_TOKEN=q; y":               "export API_TOKEN=*; y",
		"x --password='q q' -v":               "x --password='*' -v",
		"x --token q --no-token q":            "x --token * --no-token q",
		"ENV MY_KEY q":                        "ENV MY_KEY *",
		"-H 'X-Vault-Token: q' -H 'A: b'":     "-H 'X-Vault-Token: *' -H 'A: b'",
		`-d {\"password\": \"q\"}`:            `-d {\"password\": \"*\"}`,
		"X-Custom: q":                         "X-Custom: *",
		"TOKEN=$TOKEN KEY=${KEY} PASS=$(cat)": "TOKEN=$TOKEN KEY=${KEY} PASS=$(cat)",
		"[ $TOKEN == q ]":                     "[ $TOKEN == q ]",
		"a=b key: value":                      "a=b key: value",

		`TOKEN=a\ q; b`:                                         "TOKEN=*; b",
		`TOKEN="a \" q" b`:                                      `TOKEN="*" b`,
		`{\"password\": \"a\\\"q\"}`:                            `{\"password\": \"*\"}`,
		`{\\\"token\\\": \\\"q\\\"}`:                            `{\\\"token\\\": \\\"*\\\"}`,
		"mysql -uroot -pq db; mysql -p db":                      "mysql -uroot -p* db; mysql -p db",
		`mysql -uroot -p'q q' db; mysql -p"q"'q' -v`:            `mysql -uroot -p'*' db; mysql -p* -v`,
		`curl -u"me:q" -u me:'q q' -ume:"q q"; x --user='me:q'`: `curl -u"me:*" -u me:'*' -ume:"*"; x --user='me:*'`,
		`x -p'80:80' -p"/x" -p'S3cret`:                          `x -p'80:80' -p"/x" -p'*`,
		`sh -c "mysql -p'q q' -uroot"`:                          `sh -c "mysql -p'*' -uroot"`,
		`sh -c 'mysql -p'; x -u'0:0'`:                           `sh -c 'mysql -p'; x -u'0:0'`,
		"/usr/bin/mysqldump '-pq' -p3306":                       "/usr/bin/mysqldump '-p*' -p*",
		"sshpass -p q ssh -p 2222 h; sshpass -pq x":             "sshpass -p * ssh -p 2222 h; sshpass -p* x",
		"docker login -u me -p q r && docker run -p 80 -p 8:80": "docker login -u me -p * r && docker run -p 80 -p 8:80",
		"x -pS3cret -p8080:80 -p/x/y -print0 -prune -p":         "x -p* -p8080:80 -p/x/y -print0 -prune -p",
		"curl -u me:q http://h; curl -ume:7 -U p:q -u me":       "curl -u me:* http://h; curl -ume:* -U p:* -u me",
		"curl --user 'me:q r' --proxy-user=p:q --user me":       "curl --user 'me:*' --proxy-user=p:* --user me",
		"x -u me:q -u 0:0 -u www:www --user=1:2 -u http://h":    "x -u me:* -u 0:0 -u www:www --user=1:2 -u http://h",
		"wget -u :q; x -u :q":                                   "wget -u :*; x -u :q",
		"redis-cli -a q -h h; x -a q":                           "redis-cli -a * -h h; x -a q",
		"ldapsearch -D cn=x -w q; unzip -P q a; 7z x -pq a":     "ldapsearch -D cn=x -w *; unzip -P * a; 7z x -p* a",
		"openssl -passin pass:q -in x":                          "openssl -passin pass:* -in x",
		"x --token --other q --password=q --key-file=/a/b.pem":  "x --token --other q --password=* --key-file=/a/b.pem",
		"x --auth-mode basic --auth basic --no-token q":         "x --auth-mode basic --auth basic --no-token q",
		"x\tPASS=q|mysql -pq&y":                                 "x\tPASS=*|mysql -p*&y",
		"\"mysql -pq\"":                                         "\"mysql -p*\"",
	} {
		found := r.Assignments(nil, []byte(in), 0, false, true, "x").Sorted()
		if got := masktest.Bare(string(found.Masked([]byte(in), 0))); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestLinear: texts that are almost secrets take time in proportion.
func TestLinear(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	masktest.Linear(t, func(b []byte) { r.Assignments(nil, b, 0, false, true, "b") })
	masktest.Linear(t, func(b []byte) { new(Lines).Find(&r, nil, b, "b") })
}
