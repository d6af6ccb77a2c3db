package equivalent

// goImages are the calls of operations on images, and of builds.
var goImages = goTable{
	"ImageList":    goImageList,
	"ImageBuild":   goBuild,
	"BuildPrune":   goBuildPrune,
	"BuildCancel":  func(a *wanted, g *golang) { g.do("check", "BuildCancel", g.str(a.param("id"))) },
	"ImageCreate":  goPull,
	"ImageInspect": goImageInspect,
	"ImageHistory": goOfName("show", "ImageHistory"),
	"ImagePush":    goPush,
	"ImageTag":     goTag,
	"ImageDelete":  goRmi,
	"ImageSearch":  goSearch,
	"ImagePrune":   goPrune("ImagesPrune"),
	"ImageCommit":  goCommit,
	"ImageGet":     goSave,
	"ImageGetAll":  goSave,
	"ImageLoad":    goLoad,
	"DistributionInspect": func(a *wanted, g *golang) {
		g.do("show", "DistributionInspect", g.str(a.name), g.auth(a))
	},
}

// auth is the credentials for a registry as an argument.
func (g *golang) auth(a *wanted) goExpr {
	if f := g.registryAuth(a.x); f != nil {
		return f[0].goExpr
	}
	return goWord(`""`)
}

func goImageList(a *wanted, g *golang) {
	g.do("show", "ImageList", goOptions("image.ListOptions",
		goFlag("All", a.on("all")), g.filterField(a), goFlag("SharedSize", a.on("shared-size")), goFlag("Manifests", a.on("manifests"))))
}

func goPull(a *wanted, g *golang) {
	if !a.query.Has("fromSrc") {
		name, tag := a.param("fromImage"), a.param("tag")
		g.do("stream", "ImagePull", g.str(reference(name, tag)), goOptions("image.PullOptions",
			goFlag("All", tag == "" && !hasTag(name)), g.registryAuth(a.x), g.field("Platform", a.param("platform"))))
		return
	}
	source, ref := a.param("fromSrc"), a.param("repo")
	from := goOptions("image.ImportSource", g.field("SourceName", source))
	if source == "-" {
		from.items = append([]goItem{{"Source:", goFile("archive.tar")}}, from.items...)
		g.note("Put into archive.tar the tar archive of a file system: " + bodyWords(a) + ".")
	}
	g.do("stream", "ImageImport", from, g.str(ref), goOptions("image.ImportOptions",
		g.field("Tag", a.param("tag")), g.field("Message", a.param("message")), g.listField("Changes", a.params("changes")), g.field("Platform", a.param("platform"))))
}

// platforms are those that were sent as JSON.
func (g *golang) platforms(a *wanted, name string) []goExpr {
	var all []goExpr
	for _, sent := range a.params(name) {
		v := parsedValue([]byte(sent))
		if v == nil {
			all = append(all, g.platform(sent))
			continue
		}
		all = append(all, g.doc(v, "ocispec.Platform"))
	}
	return all
}

func goImageInspect(a *wanted, g *golang) {
	args := []goExpr{g.str(a.name)}
	for _, p := range g.platforms(a, "platform") {
		p.word = "&" + p.word
		args = append(args, goCall("client.ImageInspectWithPlatform", p))
	}
	if a.on("manifests") {
		args = append(args, goWord("client.ImageInspectWithManifests(true)"))
	}
	g.do("show", "ImageInspect", args...)
}

func goPush(a *wanted, g *golang) {
	var platform []goItem
	for _, p := range g.platforms(a, "platform") {
		p.word = "&" + p.word
		platform = []goItem{{"Platform:", p}}
	}
	tag := a.param("tag")
	g.do("stream", "ImagePush", g.str(reference(a.name, tag)), goOptions("image.PushOptions",
		goFlag("All", tag == "" && !hasTag(a.name)), g.registryAuth(a.x), platform))
}

func goTag(a *wanted, g *golang) {
	a.spend("force")
	g.do("check", "ImageTag", g.str(a.name), g.str(reference(a.param("repo"), a.param("tag"))))
}

func goRmi(a *wanted, g *golang) {
	var platforms []goItem
	if all := g.platforms(a, "platforms"); len(all) > 0 {
		e := goExpr{word: "[]ocispec.Platform{", end: "}"}
		for _, p := range all {
			e.items = append(e.items, goItem{"", p})
		}
		platforms = []goItem{{"Platforms:", e}}
	}
	g.do("show", "ImageRemove", g.str(a.name), goOptions("image.RemoveOptions",
		platforms, goFlag("Force", a.on("force")), goFlag("PruneChildren", !a.on("noprune"))))
}

func goSearch(a *wanted, g *golang) {
	g.do("show", "ImageSearch", g.str(a.param("term")), goOptions("registry.SearchOptions",
		g.registryAuth(a.x), g.filterField(a), digitsField("Limit", a.param("limit"))))
}

func goCommit(a *wanted, g *golang) {
	ref := ""
	if repo := a.param("repo"); repo != "" {
		ref = reference(repo, a.param("tag"))
	}
	var config []goItem
	if !a.body.isEmpty() {
		config = []goItem{{"Config:", g.pointerTo(a.body, "container.Config")}}
	}
	pause := !a.query.Has("pause") || a.on("pause")
	a.spend("pause")
	g.do("show", "ContainerCommit", g.str(a.param("container")), goOptions("container.CommitOptions",
		g.field("Reference", ref), g.field("Comment", a.param("comment")), g.field("Author", a.param("author")),
		g.listField("Changes", a.params("changes")), goFlag("Pause", pause), config))
}

func goSave(a *wanted, g *golang) {
	names := a.params("names")
	if a.name != "" {
		names = append([]string{a.name}, names...)
		g.note("The client asks for one image as for several: GET /images/get?names=….")
	}
	args := []goExpr{g.strings(names)}
	if all := g.platforms(a, "platform"); len(all) > 0 {
		args = append(args, goCall("client.ImageSaveWithPlatforms", all...))
	}
	g.do("stream", "ImageSave", args...)
}

func goLoad(a *wanted, g *golang) {
	args := []goExpr{goFile("images.tar")}
	if a.on("quiet") {
		args = append(args, goWord("client.ImageLoadWithQuiet(true)"))
	}
	if all := g.platforms(a, "platform"); len(all) > 0 {
		args = append(args, goCall("client.ImageLoadWithPlatforms", all...))
	}
	g.body("ImageLoad", args...)
	g.note("Put into images.tar what docker save has written: " + bodyWords(a) + ".")
}

func goBuildPrune(a *wanted, g *golang) {
	g.do("show", "BuildCachePrune", goOptions("build.CachePruneOptions", goFlag("All", a.on("all")),
		digitsField("ReservedSpace", a.param("reserved-space")), digitsField("MaxUsedSpace", a.param("max-used-space")),
		digitsField("MinFreeSpace", a.param("min-free-space")), g.filterField(a), digitsField("KeepStorage", a.param("keep-storage"))))
}

func goBuild(a *wanted, g *golang) {
	kind, file := "build.ImageBuildOptions", a.param("dockerfile")
	if file == "Dockerfile" {
		file = ""
	}
	remote, kit := a.param("remote"), a.param("version") == "2"
	fields := [][]goItem{
		g.listField("Tags", prefixed("", a.params("t"))), goFlag("SuppressOutput", a.on("q")), g.field("RemoteContext", remote),
		goFlag("NoCache", a.on("nocache")), goFlag("Remove", !a.query.Has("rm") || a.on("rm")), goFlag("ForceRemove", a.on("forcerm")), goFlag("PullParent", a.on("pull")),
		g.field("Isolation", a.param("isolation")), g.field("CPUSetCPUs", a.param("cpusetcpus")), g.field("CPUSetMems", a.param("cpusetmems")),
		digitsField("CPUShares", a.param("cpushares")), digitsField("CPUQuota", a.param("cpuquota")), digitsField("CPUPeriod", a.param("cpuperiod")),
		digitsField("Memory", a.param("memory")), digitsField("MemorySwap", a.param("memswap")), g.field("CgroupParent", a.param("cgroupparent")),
		g.field("NetworkMode", a.param("networkmode")), digitsField("ShmSize", a.param("shmsize")), g.field("Dockerfile", file),
		g.docField("Ulimits", a.document("ulimits"), "[]*container.Ulimit"), g.docField("BuildArgs", a.document("buildargs"), "map[string]*string"),
		g.docField("Labels", a.document("labels"), "map[string]string"), goFlag("Squash", a.on("squash")),
		g.docField("CacheFrom", a.document("cachefrom"), "[]string"), g.docField("SecurityOpt", a.document("securityopt"), "[]string"),
		g.listField("ExtraHosts", a.params("extrahosts")), g.field("Target", a.param("target")), g.field("Platform", a.param("platform")),
		g.docField("Outputs", a.document("outputs"), "[]build.ImageBuildOutput"),
	}
	if kit {
		fields = append(fields, []goItem{{"Version:", goWord("build.BuilderBuildKit")}}, g.field("SessionID", a.param("session")))
		g.note("BuildKit asks its client for files in a session, which cli.DialHijack begins: package session of github.com/moby/buildkit serves it.")
	}
	fields = append(fields, g.field("BuildID", a.param("buildid")))
	if credentials(a.x, "X-Registry-Config") != nil {
		g.note("Credentials for registries were sent too, which are the field AuthConfigs of the options.")
	}
	archive := goWord("nil")
	if remote == "" {
		archive = goFile("context.tar")
		g.note("Put into context.tar a tar archive with the build context: " + bodyWords(a) + ".")
	}
	a.spend("rm")
	g.body("ImageBuild", archive, goOptions(kind, fields...))
}

// docField is a field with a document; none if nothing was sent.
func (g *golang) docField(name string, v *value, kind string) []goItem {
	e, ok := g.literal(v, kind, false)
	if !ok {
		return nil
	}
	return []goItem{{name + ":", e}}
}
