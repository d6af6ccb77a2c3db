package equivalent

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

func pyImageCreate(w *pyWriter) Call {
	if from, is := w.parameter("fromImage"); is {
		w.positional(w.text(from, "image"))
		tag, tagged := w.parameter("tag")
		switch {
		case tagged && tag != "":
			w.named("tag", w.text(tag, "tag"))
		case !hasTag(from):
			w.named("all_tags", "True")
		}
		w.parameters([]arg{{from: "platform", to: "platform"}})
		w.named("stream", "True")
		w.named("decode", "True")
		w.auth()
		w.call.note("client.images.pull does this, without telling how it goes on.")
		return w.finish("client.api.pull", forEach)
	}
	source, _ := w.parameter("fromSrc")
	name := "client.api.import_image_from_url"
	if source == "-" {
		w.positional(w.path())
		name = "client.api.import_image_from_file"
	} else {
		w.positional(w.text(source, "source"))
	}
	w.parameters([]arg{{from: "repo", to: "repository"}, {from: "tag", to: "tag"}})
	w.several("changes", "changes")
	return w.finish(name, shown)
}

func pyLoad(w *pyWriter) Call {
	w.file("")
	return w.finish("client.images.load", shown)
}

func pyBuild(w *pyWriter) Call {
	if remote, is := w.parameter("remote"); is && remote != "" {
		w.named("path", w.text(remote, "remote"))
	} else {
		w.file("fileobj")
		w.named("custom_context", "True")
		if coding := w.x.RequestBody; coding != nil && coding.Coding != "" {
			w.named("encoding", pyString(coding.Coding))
		}
	}
	if v, there := w.parameter("rm"); !there || dockerapi.IsTrue(v) { // what the daemon does, if nothing is said
		w.named("rm", "True")
	}
	w.parameters([]arg{{from: "t", to: "tag"}, {from: "dockerfile", to: "dockerfile", otherwise: "Dockerfile"}, {from: "q", to: "quiet", as: asBool},
		{from: "nocache", to: "nocache", as: asBool}, {from: "forcerm", to: "forcerm", as: asBool},
		{from: "pull", to: "pull", as: asBool}, {from: "buildargs", to: "buildargs", as: asReal}, {from: "labels", to: "labels", as: asReal},
		{from: "cachefrom", to: "cache_from", as: asReal}, {from: "target", to: "target"}, {from: "networkmode", to: "network_mode", otherwise: "default"},
		{from: "shmsize", to: "shmsize", as: asNumber, otherwise: "0"}, {from: "squash", to: "squash", as: asBool},
		{from: "extrahosts", to: "extra_hosts"}, {from: "platform", to: "platform"}, {from: "isolation", to: "isolation"}})
	w.limits()
	w.implied("version=1 cgroupparent= ulimits=null ulimits=[] cpusetcpus= cpusetmems=")
	if credentials(w.x, "X-Registry-Config") != nil {
		w.call.note("docker-py sends the credentials of client.login and of ~/.docker/config.json.")
	}
	return w.finish("client.images.build", built)
}

// limits adds what a build may use.
func (w *pyWriter) limits() {
	var pairs []string
	for _, name := range []string{"memory", "memswap", "cpushares", "cpusetcpus"} {
		if v, there := w.parameter(name); there && dockerapi.IsTrue(v) {
			if !isNumber(v) {
				v = w.text(v, name)
			}
			pairs = append(pairs, pyString(name)+": "+v)
		}
	}
	if len(pairs) > 0 {
		w.named("container_limits", "{"+strings.Join(pairs, ", ")+"}")
	}
	w.implied("cpuperiod=0 cpuquota=0")
}
