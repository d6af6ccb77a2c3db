package policy

import (
	"strings"
	"testing"
)

// TestModels: what the proxies let in, as they are documented and as they were seen to behave.
func TestModels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, rules, allowed, denied string }{
		{"a section", "CONTAINERS=1", "GET /containers/json|HEAD /v1.41/containers/a/stats|GET /v1.41/containers/a/top?x=1|GET /CONTAINERS/json|GET /%63ontainers/json|GET /containersfoo|GET http://h/containers/json",
			"POST /containers/create|DELETE /containers/a|GET /images/json|OPTIONS /containers/json|GET //containers/json|GET /containers/%zz|GET /x?/containers|GET /v1/./containers|GET /v/containers|get /containers/json"},
		{"what is on unasked", "CONTAINERS=0", "GET /_ping|HEAD /_ping|GET /version|GET /v1.41/events?since=1", "GET /info|POST /_ping"},
		{"and can be off", "PING=0\nVERSION=0\nEVENTS=0", "", "GET /_ping|GET /version|GET /events"},
		{"only numbers are on", "CONTAINERS=true\nIMAGES=yes\nINFO=01\nVOLUMES=2x", "GET /info|GET /volumes", "GET /containers/json|GET /images/json"},
		{"writing", "POST=1\nIMAGES=1", "POST /images/create|GET /images/json", "POST /containers/create|DELETE /images/a|PUT /images/a|FOO /images/json"},
		{"methods", "DELETE=1\nPUT=1\nIMAGES=1", "DELETE /images/a|PUT /images/a", "POST /images/create|PATCH /images/a"},
		{"gates", "CONTAINERS=1\nPOST=1", "GET /containers/a/json|POST /containers/create|GET /containers/a/top|GET /containers/archive/json", "GET /v1.41/containers/a/archive|GET /containers/a/LOGS?x=1|GET /containers/a/export|POST /containers/a/exec|POST /containers/a/kill|POST /containers/a/attach|GET /containers/a/attach/ws"},
		{"gates open", "CONTAINERS=1\nALLOW_LOGS=1\nALLOW_ARCHIVE=true", "GET /containers/a/logs", "GET /containers/a/archive|POST /containers/a/exec"},
		{"an open gate is not enough", "POST=1\nALLOW_KILL=1\nALLOW_EXEC=1\nALLOW_START=1", "POST /containers/a/start", "POST /containers/a/kill|POST /containers/a/exec"},
		{"verbs need POST", "ALLOW_START=1\nCONTAINERS=1", "GET /containers/json", "POST /containers/a/start"},
		{"verbs", "POST=1\nALLOW_START=1\nALLOW_RESTARTS=1", "POST /containers/a/start|POST /v1.41/containers/a/stop|POST /containers/a/restart", "POST /containers/a/kill|POST /containers/create|POST /containers/a/pause|GET /containers/json|POST /containers/a/b/start"},
		{"flags", "-allowGET=/v1\\..{1,2}/(version|containers/.*)\n-allowHEAD=/_ping\n", "GET /v1.41/version|GET /v1.41/containers/json?all=1|HEAD /_ping", "GET /version|GET /v1.41/versions|POST /v1.41/containers/create|HEAD /_pingx|GET /v1.41/VERSION"},
		{"a bar is not within the anchors", "-allowGET=/a|/b", "GET /ax|GET /x/b|GET /a", "GET /x/bx"},
		{"several", "'-allowGET=/a' '-allowGET=/b'\n--allowGET /c", "GET /a|GET /b|GET /c|GET /%61", "GET /d"},
		{"flags before variables", "SP_ALLOW_GET=/a\nSP_ALLOW_POST=/a\n-allowGET=/b", "GET /b|POST /a", "GET /a"},
		{"labels", "socket-proxy.allow.get=/a\nsocket-proxy.allow.GET.1=/b\nsocket-proxy.allow.post=", "GET /a|GET /b", "POST /a"},
		{"rules", "! one\nGET,HEAD %API_PREFIX_PING%\n\tPOST  %API_PREFIX_CONTAINERS%/%CONTAINER_ID_OR_NAME%/start  \n! -no-builtin-rules", "HEAD /v1.41/_ping|GET /_ping|POST /containers/web_1/start", "GET /_ping?x=1|POST /containers/web/start?t=1|GET /version|POST /containers/a%2fb/start"},
		{"built-in rules", "GET %API_PREFIX_EVENTS%", "GET /events|GET /version|HEAD /_ping|GET /v4.0.0/libpod/_ping", "GET /events?since=1|POST /version"},
		{"variables of all releases", "! CETUSGUARD_NO_BUILTIN_RULES=true\nGET %API_PREFIX_IMAGES%/%IMAGE_ID_OR_REFERENCE%/json\nGET %API_PREFIX_LIBPOD_PODS%/json\nGET /%HOST_OR_IP_WITH_PORT%", "GET /images/h.example:5000/a/b:1@sha256:0123456789abcdef0123456789abcdef/json|GET /v4.0/libpod/pods/json|GET /127.0.0.1:80", "GET /images/a%2fb/json|GET /libpod/pods/json"},
	} {
		r, err := ReadRules(c.name, []byte(c.rules), nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for requests, want := range map[string]bool{c.allowed: true, c.denied: false} {
			for request := range strings.SplitSeq(requests, "|") {
				method, target, _ := strings.Cut(request, " ")
				if request != "" && allows(r, method, target) != want {
					t.Errorf("%s (%s): %s: not %t", c.name, r.Proxy.Name, request, want)
				}
			}
		}
	}
}

// TestEarly: linuxserver's image starts and stops without POST.
func TestEarly(t *testing.T) {
	t.Parallel()
	for _, p := range []*Proxy{tecnativa, linuxserver} {
		r, err := ReadRules("x", []byte("ALLOW_START=1"), p)
		if err != nil {
			t.Fatal(err)
		}
		if got := allows(r, "POST", "/v1.41/containers/a/start"); got != (p == linuxserver) {
			t.Errorf("%s: %t", p.Name, got)
		}
		if allows(r, "POST", "/v1.41/containers/a/stop") || allows(r, "GET", "/containers/json") {
			t.Errorf("%s lets in more", p.Name)
		}
	}
}

// TestReleases: the tag of the image says of which releases rules are, and they are told; so are
// variables that none knows.
func TestReleases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		image, title string
		logs, pause  bool
	}{
		{"tecnativa/docker-socket-proxy", "x (tecnativa after 0.5.0)", false, true},
		{"tecnativa/docker-socket-proxy:latest", "x (tecnativa after 0.5.0)", false, true},
		{"ghcr.io/tecnativa/docker-socket-proxy:v0.6.0", "x (tecnativa after 0.5.0)", false, true},
		{"h:5000/tecnativa/docker-socket-proxy:0.5.0@sha256:00", "x (tecnativa up to 0.5.0)", true, true},
		{"tecnativa/docker-socket-proxy:v0.4.2", "x (tecnativa up to 0.5.0)", true, false},
		{"tecnativa/docker-socket-proxy:0.3", "x (tecnativa up to 0.5.0)", true, false},
		{"lscr.io/linuxserver/socket-proxy:3.4.4-r0-ls98", "x (linuxserver since 3.4.4)", false, true},
		{"lscr.io/linuxserver/socket-proxy:amd64-3.4.1-r0-ls87", "x (linuxserver before 3.4.4)", true, true},
	} {
		r, err := ReadRules("x", []byte("services:\n  p:\n    image: "+c.image+"\n    environment: {CONTAINERS: 1, ALLOW_PAUSE: 1, CONTAINER: 1, ALLOW_LOG: 1, LOG_LEVEL: info}\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		logs, pause := allows(r, "GET", "/containers/a/logs"), r.Rules.(*haproxy).on["ALLOW_PAUSE"]
		if r.Title() != c.title || logs != c.logs || pause != c.pause || strings.Join(r.Unknown, " ") != "CONTAINER ALLOW_LOG" {
			t.Errorf("%s: %s, logs %t, pause %t, unknown %v", c.image, r.Title(), logs, pause, r.Unknown)
		}
	}
}

// TestBinds: what may be mounted is compared with what documents ask for.
func TestBinds(t *testing.T) {
	t.Parallel()
	r, err := ReadRules("x", []byte("-allowPOST=.*\n-allowbindmountfrom=/srv,/var/log/"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for binds, want := range map[string]bool{
		"": true, "/srv": true, "/srv/a": true, "/srvx": false, "/var/log/../run": false, "/": false, "/var/log": true,
	} {
		request := Request{Method: "POST", Target: "/v1.41/containers/create?name=x"}
		if binds != "" {
			request.Binds = []string{binds}
		}
		if got := r.Decide(request); got.Allowed != want || !want && got.Why != "it mounts "+binds {
			t.Errorf("%q: %+v", binds, got)
		}
		request.Target = "/containers/x/start"
		if !r.Decide(request).Allowed {
			t.Errorf("%q: looked at where nothing is mounted", binds)
		}
	}
}

// TestBindsOf reads what documents want to have mounted of the host.
func TestBindsOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation, doc, want string
		borrows              bool
	}{
		{"ContainerCreate", `{"Image":"a","HostConfig":{"Binds":["/a:/x:ro","data:/y","/b c:/z"],"Mounts":[{"Type":"bind","Source":"/d","Target":"/t"},{"Type":"volume","Source":"/no"},{"Type":"volume","VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"ro,bind","device":"/e"}}}}]}}`, "/a|/b c|/d|/e", false},
		{"ContainerCreate", `{"hostconfig":{"binds":["/\u0061:/x"],"VolumesFrom":["other"]}}`, "/a", true},
		{"ContainerCreate", `{"HostConfig":{"Binds":null,"Mounts":null,"VolumesFrom":[]}}`, "", false},
		{"ContainerCreate", `{"HostConfig":{"Binds":"/a:/b"`, "", false},
		{"ServiceCreate", `{"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"bind","Source":"/s"}]}}}`, "/s", false},
		{"VolumeCreate", `{"Name":"v","DriverOpts":{"type":"none","o":"bind","device":"/v"}}`, "/v", false},
		{"VolumeCreate", `{"Name":"v","DriverOpts":{"type":"nfs","o":"addr=h","device":"/v"}}`, "", false},
		{"ContainerCreate", `{"HostConfig":{"Binds":["/data/:/d","/a/../b//c:/x"]}}`, "/data|/b/c", false},
		{"ContainerStart", `{"HostConfig":{"Binds":["/a:/b"]}}`, "", false},
	} {
		binds, borrows := bindsOf(c.operation, []byte(c.doc))
		if got := strings.Join(binds, "|"); got != c.want || borrows != c.borrows {
			t.Errorf("%s %s: %q, %t", c.operation, c.doc, got, borrows)
		}
	}
}

// TestReadErrors: what is no rule is said, with its line.
func TestReadErrors(t *testing.T) {
	t.Parallel()
	for rules, want := range map[string]string{
		"":                              "x: no rules of a proxy that is known",
		"hello":                         `x: line 1: no rule of a proxy that is known: "hello"`,
		"# a\n-allowGET=/(":             `x: line 2: no expression: "/(": error parsing regexp: missing closing ): ` + "`^/($`",
		"-allowbindmountfrom=srv":       `x: line 1: no folder that may be mounted: "srv": it begins with /`,
		"GET %NO_SUCH%":                 "x: line 1: no variable: %NO_SUCH%",
		"GET /a\n\nPOST":                `x: line 3: no rule: "POST": METHOD[,METHOD] EXPRESSION is one`,
		"GET /[":                        "x: line 1: no expression: \"/[\": error parsing regexp: missing closing ]: `[$`",
		"services:\n  a:\n    image: b": "x: no rules of a proxy that is known",
		"services:\n  a:\n    environment:\n      CETUSGUARD_RULES: |\n        ! x\n        nothing": `x: line 6: no rule: "nothing": METHOD[,METHOD] EXPRESSION is one`,
		"environment:\n  CETUSGUARD_RULES: |\n  OTHER: x":                                            "x: no rules of cetusguard that can be read",
		"LOG_LEVEL=info": "x: no rules of a proxy that is known",
		"services:\n  a: {environment: {POST: 1}}\n  b: {environment: {INFO: 1}}":                  "x: several services have rules: a, b: leave one",
		"services:\n  a:\n    image: x/docker-socket-proxy\n    environment:\n      INFO: ${INFO}": `x: line 5: the value of a variable is not known: "INFO=${INFO}": docker compose config writes it`,
		"services:\n  a:\n    environment:\n\t- INFO=1":                                            "x: yaml: line 4: found character that cannot start any token",
		"services:\n  a: &a\n    <<: [*a, *a, *a, *a, *a, *a, *a, *a]\n":                           "x: no rules of a proxy that is known",
		"services:\n  p:\n    command:\n      - '-allowGET=/('\n":                                  `x: line 4: no expression: "/(": error parsing regexp: missing closing ): ` + "`^/($`",
	} {
		if _, err := ReadRules("x", []byte(rules), nil); err == nil || err.Error() != want {
			t.Errorf("%q: %v", rules, err)
		}
	}
}

// TestReadForms: rules are read in all manners in which people have them.
func TestReadForms(t *testing.T) {
	t.Parallel()
	for text, proxy := range map[string]*Proxy{
		"services:\n  p:\n    image: tecnativa/docker-socket-proxy:v0.4 # x\n    environment:\n      - IMAGES=1 # x\n      - \"INFO=1\"\n": tecnativa,
		"services:\n  p:\n    environment:\n      IMAGES: 1 # x\n      INFO: \"1\"\n    image: 'lscr.io/linuxserver/socket-proxy'":         linuxserver,
		"export IMAGES=1\n-e INFO=1\nLOG_LEVEL=debug": tecnativa,
		"services:\n  p:\n    command:\n      - '-loglevel=info'\n      - '-allowGET=(/v[\\d.]+)?/(images/json|info)$$?' # x\n":                                       wollomatic,
		"  command: ['-allowGET=/images/json', \"-allowGET=/info\"]":                                                                                                  wollomatic,
		"  command: -allowGET=/images/json -allowGET=/info":                                                                                                           wollomatic,
		"labels:\n  socket-proxy.allow.get: /images/json\n  'socket-proxy.allow.get.x': '/info'\n":                                                                    wollomatic,
		"SP_ALLOW_GET=\"/images/json\"\nSP_ALLOW_GET_2=/info\nSP_LISTENIP=0.0.0.0":                                                                                    wollomatic,
		"docker run -d proxy '-allowGET=/images/json' -allowGET /info \\":                                                                                             nil,
		"-allowhealthcheck\n-allowGET /images/json -allowGET /info \\":                                                                                                wollomatic,
		"environment:\n  CETUSGUARD_RULES: |\n    ! x\n    GET %API_PREFIX_IMAGES%/json\n    GET %API_PREFIX_INFO%\n  OTHER: x\n":                                     cetusguard,
		"environment:\n  - \"CETUSGUARD_RULES=GET %API_PREFIX_IMAGES%/json\\nGET %API_PREFIX_INFO%\"\n  - CETUSGUARD_LOG_LEVEL=7":                                     cetusguard,
		"environment:\n  CETUSGUARD_RULES: \"! x\\nGET (%API_PREFIX_IMAGES%/json|%API_PREFIX_INFO%)$$\"\n":                                                            cetusguard,
		"services:\n  app: {image: app, environment: {POST: 1, VOLUMES: 1}}\n  p:\n    image: x/docker-socket-proxy\n    environment: {INFO: 1, IMAGES: '${I:-1}'}\n": tecnativa,
		"services:\n  app: {environment: {VOLUMES: 1}}\n  p: {image: cetusguard, environment: {CETUSGUARD_RULES: 'GET /images/json\n\n        GET /info'}}\n":         cetusguard,
		"services:\n  p:\n    command: \"-loglevel=info '-allowGET=(/v1..+)?/images/json' -allowGET=/info\"\n":                                                        wollomatic,
		"services:\n  p:\n    command: [-allowGET, /images/json, -allowGET, /info]\n":                                                                                 wollomatic,
		"x: &x\n  IMAGES: 1\ny: &y {INFO: 0, IMAGES: 0}\nservices:\n  p:\n    environment:\n      <<: [*x, *y]\n      INFO: 1\n":                                      tecnativa,
		"p:\n  environment: [IMAGES=1, 'INFO=1', VOLUMES]\n":                                                                                                          tecnativa,
		"GET %API_PREFIX_IMAGES%/json\r\nGET %API_PREFIX_INFO%\r\n":                                                                                                   cetusguard,
		"\ufeffGET %API_PREFIX_IMAGES%/json":                                                                                                                          cetusguard,
	} {
		r, err := ReadRules("x", []byte(text), nil)
		switch {
		case proxy == nil:
			if err == nil {
				t.Errorf("%q: read", text)
			}
		case err != nil:
			t.Errorf("%q: %v", text, err)
		case r.Proxy != proxy || !allows(r, "GET", "/images/json") || !allows(r, "GET", "/info") || allows(r, "GET", "/volumes"):
			t.Errorf("%q: %s: %t %t %t", text, r.Proxy.Name, allows(r, "GET", "/images/json"), allows(r, "GET", "/info"), allows(r, "GET", "/volumes"))
		}
	}
}
