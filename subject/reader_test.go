package subject

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

const (
	web  = "970524f9a1b2970524f9a1b2970524f9a1b2970524f9a1b2970524f9a1b20001"
	db   = "880ea29c525b880ea29c525b880ea29c525b880ea29c525b880ea29c525b0002"
	img  = "sha256:ba5dc23f65d4ba5dc23f65d4ba5dc23f65d4ba5dc23f65d4ba5dc23f65d40003"
	exec = "7180819e742c7180819e742c7180819e742c7180819e742c7180819e742c0004"
)

// play has r see an exchange: the line of its request and the request's document,
// if there is one, its status, and the documents of the response, those that begin
// with ~ as text.
func play(r *Reader, line, asked string, status int, docs ...string) *wire.Exchange {
	method, target, _ := strings.Cut(line, " ")
	c, _ := dockerapi.Match(method, target)
	x := &wire.Exchange{Request: &wire.Request{Method: method, Target: target, Call: c.Told()}}
	r.Learn(x.Request, x)
	if asked != "" {
		r.Learn(&wire.Message{Meta: wire.Meta{Dir: wire.ToServer}, Kind: wire.KindJSON, Data: []byte(asked)}, x)
	}
	x.Response = &wire.Response{Status: status}
	r.Learn(x.Response, x)
	for _, d := range docs {
		m := &wire.Message{Meta: wire.Meta{Dir: wire.ToClient}, Kind: wire.KindJSON, Data: []byte(d)}
		if text, is := strings.CutPrefix(d, "~"); is {
			m.Kind, m.Data = wire.KindText, []byte(text)
		}
		r.Learn(m, x)
	}
	r.Learn(x, x)
	return x
}

// told is what is known of x, in a line.
func told(x *wire.Exchange) string {
	s := x.Subject
	out := strings.Join([]string{s.Type, s.ID, s.Name, s.Container}, "|")
	for _, d := range x.Details {
		out += " " + d.Name + "=" + d.Value
	}
	if x.Outcome.Error != "" {
		out += " !" + x.Outcome.Error
	}
	if x.Outcome.Exit != nil {
		out += fmt.Sprint(" exit ", *x.Outcome.Exit)
	}
	return out
}

type step struct {
	line, asked string
	status      int
	docs        []string
	want        string
}

func answer(docs ...string) []string { return docs }

// TestSession: what is told in one exchange is known in those behind it.
func TestSession(t *testing.T) {
	for name, steps := range map[string][]step{
		"run": {
			{"POST /v1.41/containers/create?name=web", `{"Image":"busybox","Cmd":["sh","-c","exit 3"],"Env":["A=b"]}`, 201, answer(`{"Id":"` + web + `","Warnings":[]}`), "container|" + web + "|web| image=busybox"},
			{"POST /v1.41/containers/" + web + "/start", "", 204, nil, "container|" + web + "|web|"},
			{"POST /v1.41/containers/web/attach?stdout=1", "", 101, nil, "container|" + web + "|web|"},
			{"POST /v1.41/containers/970524f9a1b2/wait", "", 200, answer(`{"StatusCode":3,"Error":null}`), "container|" + web + "|web| exit 3"},
			{"POST /v1.41/containers/9705/wait", "", 200, answer(`{"Error":{"Message":"it died"},"StatusCode":125}`), "container|" + web + "|web| !it died exit 125"},
			{"POST /containers/970/kill?signal=KILL", "", 204, nil, "container||970| signal=KILL"},
			{"DELETE /v1.41/containers/web?force=1", "", 204, nil, "container|" + web + "|web|"},
			{"POST /v1.41/containers/create?name=web", `{"Image":"busybox"}`, 409, answer(`{"message":"Conflict"}`), "container||web| image=busybox !Conflict"},
			{"POST /v1.41/containers/" + web + "/start", "", 404, answer("~no such container\nmore"), "container|" + web + "|web| !no such container"},
		},
		"exec": {
			{"GET /v1.41/containers/json?all=1", "", 200, answer(`[{"Id":"` + web + `","Names":["/web"],"Image":"busybox"},{"Id":"` + db + `","Names":["/db","/web/db"]}]`), "|||"},
			{"POST /v1.41/containers/db/exec", `{"Cmd":["ls","-l"],"Tty":false}`, 201, answer(`{"Id":"` + exec + `"}`), "container|" + db + "|db| cmd=ls -l"},
			{"POST /v1.41/exec/" + exec + "/start", `{"Detach":false}`, 101, nil, "exec|" + exec + "||db"},
			{"GET /v1.41/exec/" + exec + "/json", "", 200, answer(`{"ID":"` + exec + `","Running":true,"ExitCode":0,"ContainerID":"` + db + `"}`), "exec|" + exec + "||db"},
			{"GET /v1.41/exec/" + exec + "/json", "", 200, answer(`{"ID":"` + exec + `","Running":false,"ExitCode":2,"ContainerID":"` + db + `"}`), "exec|" + exec + "||db exit 2"},
		},
		"exec of another trace": {
			{"GET /exec/x/json", "", 200, answer(`{"ID":"x","Running":false,"ExitCode":null,"ContainerID":"` + db + `"}`), "exec|x||" + db},
		},
		"inspect and rename": {
			{"GET /v1.41/containers/9705/json", "", 200, answer(`{"Id":"` + web + `","Name":"/old"}`), "container|" + web + "|old|"},
			{"POST /containers/old/rename?name=new", "", 500, nil, "container|" + web + "|old| to=new"},
			{"POST /containers/old/stop", "", 204, nil, "container|" + web + "|old|"},
			{"POST /containers/old/rename?name=new", "", 204, nil, "container|" + web + "|old| to=new"},
			{"POST /containers/new/stop", "", 204, nil, "container|" + web + "|new|"},
			{"POST /containers/old/stop", "", 404, nil, "container||old|"},
			{"GET /containers/" + web + "/logs", "", 200, nil, "container|" + web + "|new|"},
		},
		"events": {
			{"GET /v1.41/events", "", 200, answer(
				`{"status":"create","id":"`+web+`","Type":"container","Actor":{"ID":"`+web+`","Attributes":{"image":"busybox","name":"web"}}}`,
				`{"Type":"container","Action":"exec_create: ls","Actor":{"ID":"`+web+`","Attributes":{"execID":"`+exec+`","name":"web"}}}`,
				`{"Type":"network","Actor":{"ID":"`+db+`","Attributes":{"name":"bridge"}}}`, `{"Type":"daemon"}`, `[]`, `3`), "|||"},
			{"POST /containers/" + web + "/start", "", 204, nil, "container|" + web + "|web|"},
			{"POST /exec/" + exec + "/start", "", 101, nil, "exec|" + exec + "||web"},
			{"GET /networks/" + db, "", 404, nil, "network|" + db + "|bridge|"},
			{"GET /volumes/" + db, "", 404, nil, "volume|" + db + "||"},
		},
		"images": {
			{"GET /images/json", "", 200, answer(`[{"Id":"` + img + `","RepoTags":["busybox:latest","b:1"]},{"Id":"sha256:aa","RepoTags":null}]`), "|||"},
			{"GET /images/" + img + "/json", "", 200, answer(`{"Id":"` + img + `","RepoTags":["busybox:latest"]}`), "image|" + img + "|busybox:latest|"},
			{"DELETE /images/ba5dc23f65d4", "", 200, answer(`[{"Untagged":"x"}]`), "image|" + img + "|busybox:latest|"},
			{"GET /images/b:1/json", "", 200, answer(`{"Id":"` + img + `","RepoTags":["busybox:latest","b:1"]}`), "image|" + img + "|b:1|"},
			{"POST /images/create?fromImage=alpine&tag=3", "", 200, answer(`{"status":"Pulling"}`, `{"errorDetail":{"message":"no space"},"error":"no space left"}`), "image||alpine:3| !no space"},
			{"POST /images/create?fromImage=alpine&tag=sha256:ab", "", 200, answer(`{"error":"x","errorDetail":{"message":"long x"}}`), "image||alpine@sha256:ab| !long x"},
			{"POST /images/alpine:3/tag?repo=a%2Fb&tag=4", "", 201, nil, "image||alpine:3| to=a/b:4"},
			{"POST /build?t=app:1&rm=1", "", 200, answer(`{"stream":"Step 1"}`), "image||app:1|"},
			{"POST /commit?container=web&repo=app&tag=2", "", 201, answer(`{"Id":"sha256:0123456789ab"}`), "container||web| image=app:2"},
			{"GET /images/0123456789ab/json", "", 404, nil, "image|sha256:0123456789ab|app:2|"},
		},
		"files": {
			{"HEAD /containers/web/archive?path=%2Ftmp%2F", "", 404, nil, "container||web| path=/tmp/"},
			{"GET /containers/web/archive?path=/etc/hosts", "", 200, nil, "container||web| path=/etc/hosts"},
			{"PUT /containers/web/archive?path=/&noOverwriteDirNonDir=true", "", 200, nil, "container||web| path=/"},
		},
		"filters": {
			{"GET /events?filters=%7B%22container%22%3A%7B%22web%22%3Atrue%2C%22db%22%3Afalse%7D%7D", "", 200, nil, "||| container=web"},
			{`GET /volumes?filters={"label":["a=b","c"],"name":["x"]}`, "", 200, nil, "||| label=a=b label=c name=x"},
			{`GET /containers/json?filters={"a":["1","2","3"],"b":["4","5"]}`, "", 200, nil, "||| a=1 a=2 a=3 b=4"},
			{`POST /images/prune?filters={"dangling":{"true":true}}`, "", 200, nil, "||| dangling=true"},
			{`GET /networks?filters={"a":1,"b":[2],"c":null,"d`, "", 400, nil, "|||"},
			{`GET /networks?filters=[1]`, "", 400, nil, "|||"},
		},
		"networks and others": {
			{"POST /networks/create", `{"Name":"n1","Driver":"bridge"}`, 201, answer(`{"Id":"` + db + `","Warning":""}`), "network|" + db + "|n1|"},
			{"POST /containers/create?name=web", `{}`, 201, answer(`{"Id":"` + web + `"}`), "container|" + web + "|web|"},
			{"POST /networks/n1/connect", `{"Container":"` + web + `"}`, 200, nil, "network|" + db + "|n1| container=web"},
			{"POST /networks/n1/disconnect", `{"Container":"x","Force":true}`, 200, nil, "network|" + db + "|n1| container=x"},
			{"DELETE /networks/n1", "", 204, nil, "network|" + db + "|n1|"},
			{"GET /networks/n1", "", 404, nil, "network||n1|"},
			{"GET /networks", "", 200, answer(`[{"Name":"n2","Id":"` + db + `"}]`), "|||"},
			{"GET /networks/n2", "", 200, answer(`{"Name":"n2","Id":"` + db + `"}`), "network|" + db + "|n2|"},
			{"POST /volumes/create", `{"Name":"v"}`, 201, answer(`{"Name":"v","Mountpoint":"/x"}`), "volume||v|"},
			{"POST /services/create", `{"Name":"s","TaskTemplate":{}}`, 201, answer(`{"ID":"24bf1i98"}`), "service|24bf1i98|s|"},
			{"GET /services/24bf1i98", "", 200, answer(`{"ID":"24bf1i98","Spec":{"Name":"s2"}}`), "service|24bf1i98|s2|"},
			{"GET /nodes", "", 200, answer(`[{"ID":"abc1","Description":{"Hostname":"host1"},"Spec":{"Name":""}}]`), "|||"},
			{"GET /nodes/abc1", "", 404, nil, "node|abc1|host1|"},
			{"GET /plugins/p:latest/json", "", 404, nil, "plugin||p:latest|"},
		},
		"podman": {
			{"POST /v4.0.0/libpod/containers/create", `{"image":"busybox","name":"web"}`, 201, answer(`{"Id":"` + web + `"}`), "container|" + web + "|web| image=busybox"},
			{"POST /v4.0.0/libpod/containers/web/start", "", 500, answer(`{"cause":"c","message":"no web","response":500}`), "container|" + web + "|web| !no web"},
			{"GET /v4.0.0/libpod/pods/json", "", 200, answer(`[{"Id":"` + db + `","Name":"pod1"}]`), "|||"},
			{"POST /v4.0.0/libpod/pods/" + db + "/start", "", 200, nil, "pod|" + db + "|pod1|"},
			{"POST /v4.0.0/libpod/images/pull?reference=alpine", "", 200, answer(`{"error":"denied"}`), "image||alpine| !denied"},
		},
		"exec instances": {
			{"GET /exec/e1/json", "", 200, answer(`{"ID":"e1","Running":true,"ContainerID":"` + web + `"}`), "exec|e1||" + web},
			{"POST /containers/create?name=web", `{}`, 201, answer(`{"Id":"` + web + `"}`), "container|" + web + "|web|"},
			{"POST /exec/e1/start", "", 101, nil, "exec|e1||web"},
			{"GET /exec/e1/json", "", 200, answer(`{"ID":"e1","Running":false,"ExitCode":1}`), "exec|e1||web exit 1"},
			{"POST /containers/db/exec", `{"Cmd":"ls"}`, 201, answer(`{"Id":"e2"}`), "container||db| cmd=ls"},
			{"GET /exec/e2/json", "", 200, answer(`{"ID":"e2","Running":true,"ContainerID":"` + db + `"}`), "exec|e2||db"},
			{"GET /exec/e2/json", "", 404, answer(`{"message":"m","ID":"e2","ExitCode":4}`), "exec|e2||" + db + " !m"},
		},
		"events of others": {
			{"POST /containers/create?name=web", `{}`, 201, answer(`{"Id":"` + web + `"}`), "container|" + web + "|web|"},
			{"GET /events", "", 200, answer(
				`{"Actor":{"ID":"`+web+`","Attributes":{"name":"other"}}}`, `{"Type":"network","Actor":{"ID":"`+db+`","Attributes":{"name":"n","execID":"e3"}}}`,
				`{"Type":"container","Actor":{"Attributes":{"name":"nobody","execID":"e4"}}}`, `{"Type":"container","Actor":{"ID":"`+web+`","Attributes":{}}}`), "|||"},
			{"POST /containers/web/start", "", 204, nil, "container|" + web + "|web|"},
			{"POST /exec/e3/start", "", 101, nil, "exec|e3||"}, {"POST /exec/e4/start", "", 101, nil, "exec|e4||"}, {"GET /containers/nobody/json", "", 404, nil, "container||nobody|"},
		},
		"progress": { // what is told of parts is not told of the whole
			{"POST /build?t=a&t=b", "", 200, answer(`{"id":"p1","name":"p"}`, `{"error":"e"}`, `{"id":"p2"}`), "image||a| !e"},
			{"POST /images/create?fromImage=a", "", 200, answer(`{"id":"p1","name":"p"}`, `{"error":"e"}`, `{"id":"p2"}`), "image||a| !e"},
			{"POST /images/a/push", "", 200, answer(`{"id":"p1","name":"p"}`, `{"error":"e"}`, `{"id":"p2"}`), "image||a| !e"},
			{"POST /images/load", "", 200, answer(`{"id":"p1","name":"p"}`, `{"error":"e"}`, `{"id":"p2"}`), "||| !e"},
			{"POST /libpod/images/pull?reference=a", "", 200, answer(`{"id":"p1","name":"p"}`, `{"error":"e"}`, `{"id":"p2"}`), "image||a| !e"},
			{"POST /plugins/pull?remote=a", "", 200, answer(`{"id":"p1","name":"p"}`, `{"error":"e"}`, `{"id":"p2"}`), "plugin||a| !e"},
			{"POST /plugins/a/push", "", 200, answer(`{"id":"p1","name":"p"}`, `{"error":"e"}`, `{"id":"p2"}`), "plugin||a| !e"},
			{"POST /plugins/a/upgrade", "", 200, answer(`{"id":"p1","name":"p"}`, `{"error":"e"}`, `{"id":"p2"}`), "plugin||a| !e"},
			{"GET /images/p1/json", "", 404, nil, "image||p1|"},
		},
		"asked for": {
			{"GET /images/get?names=a", "", 200, nil, "image||a|"}, {"POST /plugins/create?name=a", "", 204, nil, "plugin||a|"}, {"POST /libpod/secrets/create?name=a", "", 200, nil, "secret||a|"},
			{"POST /commit?container=a&container=b", "", 404, nil, "container||a|"}, {"POST /images/create?fromSrc=-&tag=1", "", 200, nil, "|||"}, {"POST /images/a/tag?repo=b", "", 201, nil, "image||a| to=b"},
			{"POST /images/a/tag?tag=b", "", 201, nil, "image||a|"}, {"POST /images/a/tag?repo=b&tag=sha256:1", "", 201, nil, "image||a| to=b@sha256:1"},
			{"GET /containers/json?=a", "", 200, nil, "|||"}, {"GET /containers/json?name=a", "", 200, nil, "|||"}, {"GET /debug/pprof/heap", "", 200, nil, "|||"},
			{"POST /containers/create?name=a", `{"Name":"b"}`, 400, nil, "container||a|"}, {"POST /containers/create", `{}`, 400, nil, "|||"}, {"POST /containers/create", `{"Name":"b"}`, 400, nil, "container||b|"},
			{"POST /containers/create", "", 201, answer(`{"Id":"c1"}`), "container|c1||"}, {"POST /containers/a/kill", "", 204, nil, "container||a|"}, {"POST /containers/a/start?signal=b&name=c", "", 204, nil, "container||a|"},
			{"POST /auth", `{"name":"a"}`, 200, answer(`{"Id":"b"}`), "|||"}, {"GET /info", "", 200, answer(`{"ID":"a","Name":"b"}`), "|||"}, {"GET /containers/a/changes", "", 200, answer(`{"Id":"b"}`), "container||a|"},
			{"POST /volumes/create", `{"Name":"v","Id":"x"}`, 201, nil, "volume||v|"}, {"POST /networks/a/connect", `{"Container":"b","Name":"c"}`, 200, nil, "network||a| container=b"},
			{"POST /networks/a/connect", `{}`, 200, nil, "network||a|"}, {"POST /containers/a/update", `{"Name":"b","Image":"i","Cmd":"c"}`, 200, nil, "container||a|"},
		},
		"gone": {
			{"POST /containers/create?name=web", `{}`, 201, answer(`{"Id":"` + web + `"}`), "container|" + web + "|web|"},
			{"DELETE /containers/web", "", 304, nil, "container|" + web + "|web|"}, {"DELETE /containers/web", "", 199, nil, "container|" + web + "|web|"}, {"DELETE /containers/web", "", 300, nil, "container|" + web + "|web|"},
			{"POST /containers/web/stop", "", 200, nil, "container|" + web + "|web|"},
			{"DELETE /containers/web", "", 299, nil, "container|" + web + "|web|"}, {"POST /containers/web/stop", "", 404, nil, "container||web|"},
			{"DELETE /libpod/containers/" + web, "", 200, nil, "container|" + web + "|web|"},
			{"POST /containers/nobody/rename?name=x", "", 204, nil, "container||nobody| to=x"}, {"POST /containers/x/stop", "", 404, nil, "container||x|"},
			{"POST /libpod/containers/" + web + "/rename?name=x", "", 204, nil, "container|" + web + "|web| to=x"}, {"POST /containers/x/stop", "", 404, nil, "container|" + web + "|x|"},
			{"POST /containers/x/rename", "", 204, nil, "container|" + web + "|x|"}, {"POST /containers/x/stop", "", 404, nil, "container|" + web + "|x|"},
		},
		"a name that is given again": {
			{"POST /containers/create?name=web", `{}`, 201, answer(`{"Id":"` + web + `"}`), "container|" + web + "|web|"},
			{"POST /containers/create?name=web", `{"Image":"nope"}`, 404, answer(`{"message":"No such image: nope"}`), "container||web| image=nope !No such image: nope"},
			{"POST /containers/web/wait?condition=next-exit", "", 200, answer(`{"StatusCode":1}`), "container|" + web + "|web| exit 1"}, {"POST /containers/web/start", "", 304, nil, "container|" + web + "|web|"},
			{"POST /containers/web/wait?condition=removed", "", 200, answer(`{"StatusCode":1,"Error":{"Message":"m"}}`), "container|" + web + "|web| !m exit 1"}, {"POST /containers/web/start", "", 304, nil, "container|" + web + "|web|"},
			{"POST /containers/web/wait?condition=removed", "", 200, nil, "container|" + web + "|web|"}, {"POST /containers/web/start", "", 304, nil, "container|" + web + "|web|"},
			{"POST /containers/web/wait?condition=removed", "", 200, answer(`{"StatusCode":0}`), "container|" + web + "|web| exit 0"}, {"POST /containers/web/start", "", 304, nil, "container||web|"},
			{"POST /containers/create?name=web", `{}`, 201, answer(`{"Id":"` + db + `"}`), "container|" + db + "|web|"}, {"POST /containers/web/start", "", 204, nil, "container|" + db + "|web|"},
			{"GET /events", "", 200, answer(`{"Type":"container","Action":"die","Actor":{"ID":"` + db + `","Attributes":{"name":"web"}}}`), "|||"}, {"POST /containers/web/start", "", 304, nil, "container|" + db + "|web|"},
			{"GET /events", "", 200, answer(`{"Type":"container","Action":"destroy","Actor":{"ID":"` + db + `","Attributes":{"name":"web"}}}`), "|||"}, {"POST /containers/web/start", "", 304, nil, "container||web|"},
			{"POST /containers/" + db + "/start", "", 304, nil, "container|" + db + "|web|"},
		},
		"a name that the daemon does not know": {
			{"POST /containers/create?name=web", `{}`, 201, answer(`{"Id":"` + web + `"}`), "container|" + web + "|web|"},
			{"POST /containers/web/start", "", 404, answer(`{"message":"no path"}`), "container|" + web + "|web| !no path"}, {"POST /containers/web/start", "", 500, answer(`{"message":"No such container: web"}`), "container|" + web + "|web| !No such container: web"},
			{"POST /containers/" + web + "/start", "", 404, answer(`{"message":"No such container: x"}`), "container|" + web + "|web| !No such container: x"}, {"POST /containers/web/start", "", 304, nil, "container|" + web + "|web|"},
			{"POST /containers/web/start", "", 404, answer(`{"message":"No such container: web"}`), "container||web| !No such container: web"}, {"POST /containers/web/start", "", 304, nil, "container||web|"},
		},
		"short ids": {
			{"POST /containers/970524f9a1b2/rename?name=foo", "", 204, nil, "container|970524f9a1b2|| to=foo"}, {"POST /containers/foo/stop", "", 204, nil, "container|970524f9a1b2|foo|"},
			{"GET /containers/json", "", 200, answer(`[{"Id":"` + web + `","Names":["/foo"]}]`), "|||"}, {"POST /containers/foo/rename?name=baz", "", 204, nil, "container|" + web + "|foo| to=baz"},
			{"POST /containers/970524f9a1b2/stop", "", 204, nil, "container|" + web + "|baz|"}, {"POST /containers/" + web + "/stop", "", 204, nil, "container|" + web + "|baz|"}, {"POST /containers/foo/stop", "", 404, nil, "container||foo|"},
			{"POST /containers/970524f9a1b2/rename?name=new", "", 204, nil, "container|" + web + "|baz| to=new"}, {"POST /containers/" + web + "/stop", "", 204, nil, "container|" + web + "|new|"}, {"POST /containers/baz/stop", "", 404, nil, "container||baz|"},
		},
		"tags that move": {
			{"GET /images/app/json", "", 200, answer(`{"Id":"` + img + `","RepoTags":["app:latest"]}`), "image|" + img + "|app|"}, {"GET /images/app:latest/json", "", 404, nil, "image|" + img + "|app:latest|"},
			{"GET /images/app:latest/json", "", 200, answer(`{"Id":"sha256:` + db + `","RepoTags":["app:latest"]}`), "image|sha256:" + db + "|app:latest|"}, {"POST /images/" + img + "/push", "", 200, nil, "image|" + img + "||"},
			{"GET /images/json", "", 200, answer(`[{"Id":"sha256:` + db + `","RepoTags":[]},{"Id":"` + img + `","RepoTags":["app:latest"]}]`), "|||"},
			{"POST /images/" + db + "/push", "", 200, nil, "image|sha256:" + db + "||"}, {"POST /images/app/push", "", 200, nil, "image|" + img + "|app|"},
			{"POST /images/" + db + "/tag?repo=b", "", 201, nil, "image|sha256:" + db + "|| to=b"}, {"POST /images/b/tag?repo=c", "", 201, nil, "image|sha256:" + db + "|b| to=c"}, {"POST /images/" + db + "/push", "", 200, nil, "image|sha256:" + db + "|b|"},
			{"DELETE /images/b", "", 404, nil, "image|sha256:" + db + "|b|"}, {"DELETE /images/b:latest", "", 200, answer(`[{"Untagged":"b:latest"}]`), "image|sha256:" + db + "|b:latest|"},
			{"POST /images/b/push", "", 404, nil, "image||b|"}, {"POST /images/" + db + "/push", "", 200, nil, "image|sha256:" + db + "|c:latest|"},
			{"DELETE /images/880ea29c", "", 200, nil, "image|sha256:" + db + "|c:latest|"}, {"POST /images/c/push", "", 404, nil, "image||c|"}, {"POST /images/" + db + "/push", "", 404, nil, "image|sha256:" + db + "||"},
			{"GET /images/ba5d/json", "", 200, answer(`{"Id":"` + img + `","RepoTags":["x/app:2","app:latest"]}`), "image|" + img + "|x/app:2|"}, {"GET /images/ba5d/json", "", 200, answer(`{"Id":"` + img + `","RepoTags":[]}`), "image|" + img + "||"},
			{"POST /images/app/push", "", 404, nil, "image||app|"},
			{"GET /images/json", "", 200, answer(`[{"Id":"` + img + `","RepoTags":["app:latest"]}]`), "|||"}, {"GET /events", "", 200, answer(`{"Type":"image","Action":"untag","Actor":{"ID":"` + img + `","Attributes":{"name":"` + img + `"}}}`), "|||"}, {"POST /images/app/push", "", 404, nil, "image||app|"},
			{"GET /images/json", "", 200, answer(`[{"Id":"` + img + `","RepoTags":["app:latest"]}]`), "|||"}, {"GET /events", "", 200, answer(`{"Type":"image","Action":"delete","Actor":{"ID":"` + img + `","Attributes":{"name":"app:latest"}}}`), "|||"}, {"POST /images/app/push", "", 404, nil, "image||app|"},
			{"GET /events", "", 200, answer(`{"Type":"image","Action":"tag","Actor":{"ID":"` + img + `","Attributes":{"name":"` + img + `"}}}`), "|||"}, {"POST /images/" + img + "/push", "", 404, nil, "image|" + img + "||"},
		},
		"volumes without a name": {
			{"POST /volumes/create", `{}`, 201, answer(`{"Name":"` + db + `","Driver":"local"}`), "volume|" + db + "||"}, {"POST /volumes/create", `{"Name":""}`, 201, answer(`{"Name":"v"}`), "volume||v|"},
			{"POST /volumes/create", `{}`, 201, answer(`{"Driver":"local"}`), "|||"}, {"POST /containers/create", `{}`, 201, answer(`{"Name":"c"}`), "|||"},
		},
		"text": {
			{"GET /info", "", 500, answer("~  \n a \nb"), "||| !a"}, {"GET /info", "", 500, answer("~ <html>a", "~b"), "||| !b"}, {"GET /info", "", 500, answer("~"), "|||"}, {"GET /info", "", 200, answer("~a"), "|||"},
			{"GET /info", "", 500, answer("~" + strings.Repeat(" ", 2047) + "ab"), "||| !a"}, {"GET /info", "", 500, answer(`{"error":"e","id":"i"}`, "~b"), "||| !e"}, {"GET /info", "", 500, answer(`{}`, "~b"), "||| !b"},
		},
		"nothing": {
			{"GET /_ping", "", 200, answer("~OK"), "|||"}, {"GET /other", `{"Name":"x"}`, 200, answer(`{"Id":"y"}`), "|||"},
			{"GET /other", "", 502, answer("~<html>bad gateway"), "|||"}, {"GET /other", "", 404, answer("~ page not found \nx"), "||| !page not found"},
			{"GET /info", "", 500, answer(`{"message":"a"}`, `{"message":"b"}`), "||| !a"}, {"GET /info", "", 399, answer(`{"message":"a"}`), "|||"}, {"GET /info", "", 400, answer(`"x"`), "|||"},
		},
	} {
		r := NewReader()
		for _, s := range steps {
			if got := told(play(r, s.line, s.asked, s.status, s.docs...)); got != s.want {
				t.Errorf("%s: %s\ngot  %s\nwant %s", name, s.line, got, s.want)
			}
		}
	}
}

// TestLater: a name that became known while an exchange went on is told at its end.
func TestLater(t *testing.T) {
	r := NewReader()
	x := &wire.Exchange{Request: &wire.Request{Call: wire.Call{Operation: "ContainerAttach", Subject: web}}}
	r.Learn(x.Request, x)
	if got := told(x); got != "container|"+web+"||" {
		t.Errorf("at first: %s", got)
	}
	play(r, "POST /containers/create?name=web", "{}", 201, `{"Id":"`+web+`"}`)
	r.Learn(x, x)
	if got := told(x); got != "container|"+web+"|web|" {
		t.Errorf("at the end: %s", got)
	}
}

// TestLong: what is long is cut, and stays text.
func TestLong(t *testing.T) {
	r := NewReader()
	long := strings.Repeat("é", maxText)
	x := play(r, "POST /containers/create?name="+long, `{"Image":"`+long+`"}`, 400, `{"message":"`+long+`"}`)
	want := strings.Repeat("é", maxText/2) + "…"
	if x.Subject.Name != want || x.Details[0].Value != want || x.Outcome.Error != want {
		t.Errorf("got %d, %d and %d bytes", len(x.Subject.Name), len(x.Details[0].Value), len(x.Outcome.Error))
	}
	x = play(r, "POST /containers/a/exec", `{"Cmd":["a","`+long+`","b"]}`, 201)
	if got := x.Details[0].Value; len(got) > maxWords+len("…") || !strings.HasPrefix(got, "a é") || !strings.HasSuffix(got, "é…") {
		t.Errorf("got the command %q", got)
	}
	if x := play(r, "POST /containers/%ff/start", "", 204); x.Subject.Name != "\ufffd" {
		t.Errorf("got the name %q", x.Subject.Name)
	}
	if x := play(r, "POST /containers/create?name=%f", "", 204); x.Subject.Name != "%f" {
		t.Errorf("got the name %q", x.Subject.Name)
	}
}

// TestUnseen: of an exchange whose request was not seen, the error is told.
func TestUnseen(t *testing.T) {
	r, x := NewReader(), &wire.Exchange{}
	m := &wire.Message{Meta: wire.Meta{Dir: wire.ToClient}, Kind: wire.KindJSON, Data: []byte(`{"message":"m","Id":"x"}`)}
	r.Learn(m, x)
	x.Response = &wire.Response{Status: 404}
	r.Learn(m, x)
	r.Learn(x, x)
	if got := told(x); got != "||| !m" {
		t.Errorf("got %s", got)
	}
}

// TestEarly: what is no answer yet, or no document, changes nothing; of what the
// client sends the first document is read, also behind the answer.
func TestEarly(t *testing.T) {
	r := NewReader()
	play(r, "POST /containers/create?name=web", `{}`, 201, `{"Id":"`+web+`"}`)
	x := &wire.Exchange{Request: &wire.Request{Method: "DELETE", Target: "/containers/web", Call: wire.Call{Operation: "ContainerDelete", Subject: "web"}}}
	r.Learn(x.Request, x)
	r.Learn(x, x)
	r.Learn(&wire.Exchange{}, &wire.Exchange{Response: &wire.Response{Status: 204}})
	if got := daemonOf(&r.names, nil).about("container", "web"); got.ID != web {
		t.Errorf("a request that was not answered removed it: %+v", got)
	}

	x = &wire.Exchange{Request: &wire.Request{Method: "POST", Target: "/containers/create", Call: wire.Call{Operation: "ContainerCreate"}}}
	send := func(dir wire.Dir, kind wire.Kind, index int, doc string) {
		r.Learn(&wire.Message{Meta: wire.Meta{Dir: dir}, Kind: kind, Index: index, Data: []byte(doc)}, x)
	}
	r.Learn(x.Request, x)
	send(wire.ToServer, wire.KindText, 0, `{"Image":"a"}`)
	send(wire.ToServer, wire.KindJSON, 1, `{"Image":"b"}`)
	x.Response = &wire.Response{Status: 404}
	send(wire.ToClient, wire.KindBinary, 0, "c")
	send(wire.ToServer, wire.KindJSON, 0, `{"Image":"d","message":"e"}`)
	if got := told(x); got != "||| image=d" {
		t.Errorf("got %s", got)
	}
	x.Response.Status = 201
	send(wire.ToClient, wire.KindText, 0, `{"Id":"f"}`)
	if got := told(x); got != "||| image=d" {
		t.Errorf("got %s", got)
	}
}

// TestUnheard: what a daemon says of itself to a client that has left is not what became
// of the exchange; the exit of a process is.
func TestUnheard(t *testing.T) {
	for _, tt := range []struct {
		doc  string
		left bool
		as   wire.State
		up   *wire.Upgrade
		want string
	}{
		{`{"StatusCode":-1,"Error":{"Message":"context canceled"}}`, true, wire.StateDone, nil, "container||web|"},
		{`{"StatusCode":-1,"Error":{"Message":"context canceled"}}`, false, wire.StateDone, nil, "container||web| !context canceled exit -1"},
		{`{"StatusCode":-1,"Error":{"Message":"context canceled"}}`, true, wire.StateAborted, nil, "container||web| !context canceled exit -1"},
		{`{"StatusCode":-1,"Error":{"Message":"context canceled"}}`, true, wire.StateDone, new(wire.Upgrade), "container||web| !context canceled exit -1"},
		{`{"StatusCode":0}`, true, wire.StateDone, nil, "container||web| exit 0"},
		{`{"Error":{"Message":"context canceled"}}`, true, wire.StateDone, nil, "container||web|"},
	} {
		r := NewReader()
		x := play(r, "POST /v1.41/containers/web/wait", "", 200, tt.doc)
		x.Outcome.Left, x.State, x.Upgrade = tt.left, tt.as, tt.up
		r.Learn(x, x)
		if got := told(x); got != tt.want {
			t.Errorf("%s, left %t: got %s, want %s", tt.doc, tt.left, got, tt.want)
		}
	}
}

// TestDaemons: names are those of the daemon that tells them, also in connections that
// are carried by one with it.
func TestDaemons(t *testing.T) {
	here := &wire.Conn{Server: wire.Peer{Addr: "tcp://a"}}
	inside := &wire.Conn{Parent: wire.Parent{Conn: &wire.Conn{Parent: wire.Parent{Conn: here}}}}
	long := &wire.Conn{Server: wire.Peer{Addr: strings.Repeat("a", 257)}}
	r := NewReader()
	d := daemonOf(&r.names, here)
	d.put("container", web, "web", "")
	d.put("exec", exec, "", web)
	d.put("image", img, "app:latest", "")
	for _, tt := range []struct {
		conn *wire.Conn
		is   bool
	}{{here, true}, {inside, true}, {&wire.Conn{Server: wire.Peer{Addr: "tcp://a"}}, true}, {&wire.Conn{Server: wire.Peer{Addr: "tcp://b"}}, false}, {nil, false}, {long, false}} {
		x := &wire.Exchange{}
		q := &wire.Request{Meta: wire.Meta{Conn: tt.conn}, Call: wire.Call{Operation: "ContainerStop", Subject: "web"}}
		if r.Learn(q, x); (x.Subject.ID == web) != tt.is {
			t.Errorf("%+v: web is %+v", tt.conn, x.Subject)
		}
		d := daemonOf(&r.names, tt.conn)
		for _, called := range []string{"container " + web[:8], "container " + web, "image app", "image " + img, "exec " + exec} {
			typ, called, _ := strings.Cut(called, " ")
			if got := d.about(typ, called); (got.Container+got.Name != "" && got.ID != "") != tt.is {
				t.Errorf("%+v: %s is %+v", tt.conn, called, got)
			}
		}
	}
	for addr, want := range map[string]string{strings.Repeat("a", 256): strings.Repeat("a", 256), strings.Repeat("a", 257): ""} {
		if got := daemonOf(&r.names, &wire.Conn{Server: wire.Peer{Addr: addr}}); got.at != want {
			t.Errorf("%d bytes: %d", len(addr), len(got.at))
		}
	}
}
