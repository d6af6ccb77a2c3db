package text

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// TestAssignments: what quotes command lines. "*" is a placeholder.
func TestAssignments(t *testing.T) {
	r := NewRules(name.NewGiven([]string{"x-custom"}), mask.NewMarks(nil))
	for in, want := range map[string]string{
		"x --password=q,q y":                   "x --password=* y",
		"export API_TOKEN=q; y":                "export API_TOKEN=*; y",
		"x --password='q q' -v":                "x --password='*' -v",
		"x --token q --no-token q":             "x --token * --no-token q",
		"ENV MY_KEY q":                         "ENV MY_KEY *",
		"-H 'X-Vault-Token: q' -H 'A: b'":      "-H 'X-Vault-Token: *' -H 'A: b'",
		`-d {\"password\": \"q\"}`:             `-d {\"password\": \"*\"}`,
		"X-Custom: q":                          "X-Custom: *",
		"TOKEN=$TOKEN KEY=${KEY} PASS=$(cat)":  "TOKEN=$TOKEN KEY=${KEY} PASS=$(cat)",
		"[ $TOKEN == q ]":                      "[ $TOKEN == q ]",
		"a=b key: value":                       "a=b key: value",
		`CMD ["x", "--password","q q" ,"-v"]`:  `CMD ["x", "--password","*" ,"-v"]`,
		`RUN ["curl","-u","me:q","h"]; -u a:q`: `RUN ["curl","-u","me:*","h"]; -u a:*`,
		`["mysql"] -pq ["-pq" "-pq", "-pq"]`:   `["mysql"] -pq ["-pq" "-pq", "-pq"]`,
		`LABEL "my.password"="q" 'a.token'=q`:  `LABEL "my.password"="*" 'a.token'=*`,

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
		"mysql; x -pq":                                          "mysql; x -pq",
		"mysql| x -pq":                                          "mysql| x -pq",
		"mysql& x -pq":                                          "mysql& x -pq",
		"mysql\r x -pq":                                         "mysql\r x -pq",
		"mysql\n x -pq":                                         "mysql\n x -pq",
		"mysql\t x -pq":                                         "mysql\t x -p*",
		`'a' x --token 'q q' y`:                                 `'a' x --token '*' y`,
		`"it's" --token 'q q' y`:                                `"it's" --token '*' y`,
		`mysql "-p'q q'" x`:                                     `mysql "-p*" x`,
		`x '' --token "q q" --token '' -v`:                      `x '' --token "*" --token '' -v`,
		"TOKEN=q=x a":                                           "TOKEN=* a",
		"TOKEN==q a":                                            "TOKEN==q a",
		"a TOKEN=":                                              "a TOKEN=",
		"TOKEN=>q a":                                            "TOKEN=>q a",
		`{"password"    : "q", 'pin' :'q'}`:                     `{"password"    : "*", 'pin' :'*'}`,
		`{"password"     : "q"}`:                                `{"password"     : "q"}`,
		`{"author": "x", "a": "b"}`:                             `{"author": "x", "a": "b"}`,
		": x":                                                   ": x",
		`": x"`:                                                 `": x"`,
		"x --user=m:q --proxy-user=m:q":                         "x --user=m:* --proxy-user=m:*",
		"x -um:q -Um:q -u: -u :":                                "x -um:* -Um:* -u: -u :",
		"x -pS3c -pS3cr -pabcd -pABCD -p1234":                   "x -pS3c -p* -pabcd -p* -p1234",
		"x -TOKEN=q --x=y ENV A TOKEN q ENV PIN  q":             "x -TOKEN=* --x=y ENV A TOKEN q ENV PIN  *",
		"XENV PIN q, ENV PIN q":                                 "XENV PIN q, ENV PIN *",
		"\"mysql -pq\"":                                         "\"mysql -p*\"",
		"password=authorization : q":                            "password=* : *", // the name is the value before
		"TOKEN=$X_API_TOKEN : q":                                "TOKEN=$X_API_TOKEN : *",
		"token='$X_API_TOKEN'\t : q":                            "token='$X_API_TOKEN'\t : *",
		"x --token $X_API_TOKEN : q":                            "x --token $X_API_TOKEN : *",
		" : q":                                                  " : q",
	} {
		found := r.Assignments(nil, []byte(in), 0, false, true, "x").Sorted()
		if got := masktest.Bare(string(found.Masked([]byte(in), 0))); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestPrograms: what the options of each program mean that is known.
func TestPrograms(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	for programs, line := range map[string][2]string{
		"mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlbinlog mysqlpump mariadb mariadb-dump mariadb-admin": {"% -pq -p q -P q", "% -p* -p q -P q"},
		"sshpass mongo mongosh mongodump mongorestore mongoimport mongoexport":                                                 {"% -pq -p q -P q", "% -p* -p * -P q"},
		"docker podman nerdctl buildah skopeo helm oras crane regctl az":                                                       {"% -p q login -u x -p q", "% -p q login -u x -p *"},
		"zip unzip 7z 7za 7zz": {"% -pq -p q -P q", "% -p* -p q -P *"},
		"ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd": {"% -w q -W q -wq", "% -w * -W q -w*"},
		"redis-cli redis-benchmark valkey-cli":                           {"% -a q -A q -aq", "% -a * -A q -a*"},
		"ssh scp sftp rsync":                                             {"sshpass -p q % -p 22 -p22", "sshpass -p * % -p 22 -p22"},
		"curl wget http https xh":                                        {"% -u 1:1 -u a:a", "% -u 1:* -u a:*"},
		"other mysqls":                                                   {"% -pq -p q -P q -w q -a q -u 1:1 -u a:a login -p q", "% -pq -p q -P q -w q -a q -u 1:1 -u a:a login -p q"},
	} {
		for _, program := range strings.Fields(programs) {
			for _, path := range []string{"", "/usr/bin/"} {
				in, want := strings.ReplaceAll(line[0], "%", path+program), strings.ReplaceAll(line[1], "%", path+program)
				found := r.Assignments(nil, []byte(in), 0, false, true, "x").Sorted()
				if got := masktest.Bare(string(found.Masked([]byte(in), 0))); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		}
	}
}

// TestLinear: texts that are almost secrets take time in proportion.
func TestLinear(t *testing.T) {
	r := NewRules(name.Given{}, mask.NewMarks(nil))
	masktest.Linear(t, func(b []byte) { r.Assignments(nil, b, 0, false, true, "b") })
	masktest.Linear(t, func(b []byte) { new(Lines).Find(&r, nil, b, "b") })
}
