package equivalent

import "strings"

// dockerImages are the commands of images, and of builds of them.
var dockerImages = dockerTable{
	"ImageList":           dockerImageList,
	"ImageBuild":          dockerBuild,
	"BuildPrune":          dockerBuildPrune,
	"BuildCancel":         without("No docker command asks for this: docker build does when it is interrupted."),
	"ImageCreate":         dockerImageCreate,
	"ImageInspect":        dockerImageInspect,
	"ImageAttestations":   without("No docker command asks for this."),
	"ImageHistory":        dockerHistory,
	"ImagePush":           dockerPush,
	"ImageTag":            dockerTag,
	"ImageDelete":         dockerRmi,
	"ImageSearch":         dockerSearch,
	"ImagePrune":          dockerImagePrune,
	"ImageCommit":         dockerCommit,
	"ImageGet":            dockerSave,
	"ImageGetAll":         dockerSave,
	"ImageLoad":           dockerLoad,
	"DistributionInspect": without("No docker command asks for this alone: docker service create and docker stack deploy do, to have the image by its digest."),
	"ImageInsert":         without("This was removed with API 1.12, and the command with it."),
	"ImageViz":            without("This was removed with API 1.7, and the command with it."),
}

func dockerImageList(a *wanted, c *command) {
	c.say("images")
	c.on("-a", a.on("all"))
	c.flags("-f", a.filters())
	c.flags("-f", prefixed("reference=", a.params("filter"))) // before API 1.28
	a.spend("shared-size")
}

func dockerBuildPrune(a *wanted, c *command) {
	c.say("builder prune -f")
	c.on("-a", a.on("all"))
	c.flags("--filter", a.filters())
	for _, name := range []string{"keep-storage", "reserved-space"} {
		if n := a.param(name); n != "0" && n != "" {
			c.flag("--keep-storage", sizeWord(n))
		}
	}
}

// reference returns an image as people write it, of its name and what stands as its tag.
func reference(name, tag string) string {
	name = familiar(name)
	switch {
	case tag == "":
		return name
	case strings.Contains(tag, ":"): // a digest
		return name + "@" + tag
	}
	return name + ":" + tag
}

// familiar returns the name of an image without what the CLI puts before it.
func familiar(name string) string {
	if short, is := strings.CutPrefix(name, "docker.io/"); is {
		if short, is := strings.CutPrefix(short, "library/"); is && !strings.Contains(short, "/") {
			return short
		}
		if strings.Contains(short, "/") {
			return short
		}
	}
	return name
}

// hasTag says whether an image's name has a tag or a digest.
func hasTag(name string) bool {
	return strings.Contains(name[strings.LastIndexByte(name, '/')+1:], ":")
}

func dockerImageCreate(a *wanted, c *command) {
	if a.query.Has("fromSrc") {
		dockerImport(a, c)
		return
	}
	c.say("pull")
	name, tag := a.param("fromImage"), a.param("tag")
	c.on("-a", tag == "" && !hasTag(name))
	c.flag("--platform", a.param("platform"))
	c.args(reference(name, tag))
	noteRegistry(a, c)
}

func dockerImport(a *wanted, c *command) {
	c.say("import")
	c.flags("-c", a.params("changes"))
	c.flag("-m", a.param("message"))
	c.flag("--platform", a.param("platform"))
	args := []string{a.param("fromSrc")}
	if repo := a.param("repo"); repo != "" {
		args = append(args, reference(repo, a.param("tag")))
	}
	c.args(args...)
	if args[0] == "-" {
		c.after = " < archive.tar"
		c.note("Put into archive.tar the tar archive of a file system: " + bodyWords(a) + ".")
	}
}

// platformFlag gives a platform that was sent as JSON.
func platformFlag(a *wanted, c *command) {
	for _, sent := range a.params("platform") {
		p := parsedValue([]byte(sent))
		if p == nil {
			c.flag("--platform", sent)
			continue
		}
		word := p.str("os") + "/" + p.str("architecture")
		if v := p.str("variant"); v != "" {
			word += "/" + v
		}
		c.flag("--platform", word)
		for _, left := range p.rest() {
			c.note("docker has no flag for this of the platform that was sent: " + left + ".")
		}
	}
}

func dockerImageInspect(a *wanted, c *command) {
	c.say("image", "inspect")
	platformFlag(a, c)
	c.args(a.name)
}

func dockerHistory(a *wanted, c *command) {
	c.say("history")
	platformFlag(a, c)
	c.args(a.name)
}

func dockerPush(a *wanted, c *command) {
	c.say("push")
	tag := a.param("tag")
	c.on("-a", tag == "" && !hasTag(a.name))
	platformFlag(a, c)
	c.args(reference(a.name, tag))
	noteRegistry(a, c)
}

func dockerTag(a *wanted, c *command) {
	c.say("tag")
	a.spend("force")
	c.args(a.name, reference(a.param("repo"), a.param("tag")))
}

func dockerRmi(a *wanted, c *command) {
	c.say("rmi")
	c.on("-f", a.on("force"))
	c.on("--no-prune", a.on("noprune"))
	for _, p := range a.params("platforms") {
		if v := parsedValue([]byte(p)); v != nil {
			c.flag("--platform", v.str("os")+"/"+v.str("architecture"))
		}
	}
	c.args(a.name)
}

func dockerSearch(a *wanted, c *command) {
	c.say("search")
	if n := a.param("limit"); n != "0" {
		c.flag("--limit", n)
	}
	c.flags("-f", a.filters())
	c.args(a.param("term"))
	noteRegistry(a, c)
}

func dockerImagePrune(a *wanted, c *command) {
	c.say("image prune -f")
	for _, f := range a.filters() {
		switch f {
		case "dangling=true", "dangling=1": // as the CLI sends it without -a
		case "dangling=false", "dangling=0":
			c.say("-a")
		default:
			c.set("--filter", f)
		}
	}
}

func dockerCommit(a *wanted, c *command) {
	c.say("commit")
	c.flag("-a", a.param("author"))
	c.flag("-m", a.param("comment"))
	c.flags("-c", a.params("changes"))
	if a.query.Has("pause") && !a.on("pause") {
		c.say("-p=false")
	}
	a.spend("pause")
	args := []string{a.param("container")}
	if repo := a.param("repo"); repo != "" {
		args = append(args, reference(repo, a.param("tag")))
	}
	c.args(args...)
}

func dockerSave(a *wanted, c *command) {
	c.say("save")
	platformFlag(a, c)
	c.say("-o images.tar")
	names := a.params("names")
	if a.name != "" {
		names = append([]string{a.name}, names...)
		c.note("docker save asks for one image as for several: GET /images/get?names=….")
	}
	c.args(names...)
}

func dockerLoad(a *wanted, c *command) {
	c.say("load")
	c.on("-q", a.on("quiet"))
	platformFlag(a, c)
	c.say("-i images.tar")
	c.note("Put into images.tar what docker save has written: " + bodyWords(a) + ".")
}
