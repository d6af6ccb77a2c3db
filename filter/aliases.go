package filter

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// alias is an operation that people know by another name, and the command that they
// know it of; empty if the name says it.
type alias struct{ operation, command string }

// aliases are what operations are called elsewhere, in lower case: in the commands
// of the docker CLI, in client libraries, and in what events say was done.
var aliases = map[string]alias{
	"pull":                  {"ImageCreate", "docker pull"},
	"imagepull":             {"ImageCreate", "docker pull"},
	"imageimport":           {"ImageCreate", "docker import"},
	"imagesave":             {"ImageGetAll", "docker save"},
	"push":                  {"ImagePush", "docker push"},
	"build":                 {"ImageBuild", "docker build"},
	"buildcacheprune":       {"BuildPrune", "docker builder prune"},
	"commit":                {"ImageCommit", "docker commit"},
	"containercommit":       {"ImageCommit", "docker commit"},
	"rmi":                   {"ImageDelete", "docker rmi"},
	"ps":                    {"ContainerList", "docker ps"},
	"run":                   {"ContainerCreate", "docker run"},
	"containerrun":          {"ContainerCreate", "docker run"},
	"rm":                    {"ContainerDelete", "docker rm"},
	"containerrm":           {"ContainerDelete", "docker rm"},
	"containerdiff":         {"ContainerChanges", "docker diff"},
	"cp":                    {"*ContainerArchive*", "docker cp"},
	"containercp":           {"*ContainerArchive*", "docker cp"},
	"containerstatpath":     {"ContainerArchiveInfo", "docker cp"},
	"copyfromcontainer":     {"ContainerArchive", "docker cp"},
	"copytocontainer":       {"PutContainerArchive", "docker cp"},
	"execcreate":            {"ContainerExec", "docker exec"},
	"containerexeccreate":   {"ContainerExec", "docker exec"},
	"containerexecstart":    {"ExecStart", "docker exec"},
	"containerexecattach":   {"ExecStart", "docker exec"},
	"containerexecinspect":  {"ExecInspect", "docker exec"},
	"containerexecresize":   {"ExecResize", "docker exec"},
	"containerstatsoneshot": {"ContainerStats", "docker stats"},
	"diskusage":             {"SystemDataUsage", "docker system df"},
	"systemdf":              {"SystemDataUsage", "docker system df"},
	"login":                 {"SystemAuth", "docker login"},
	"registrylogin":         {"SystemAuth", "docker login"},
	"ping":                  {"SystemPing*", ""},
	"version":               {"SystemVersion", "docker version"},
	"serverversion":         {"SystemVersion", "docker version"},
	"info":                  {"SystemInfo", "docker info"},
	"events":                {"SystemEvents", "docker events"},
}

// aliasOf returns what is meant by another name of an operation, in lower case, as a
// hint says it; empty if it is none. Much is removed elsewhere that is deleted here.
func aliasOf(lower string) string {
	if a, ok := aliases[lower]; ok {
		if a.command == "" {
			return a.operation
		}
		return a.operation + " (" + a.command + ")"
	}
	if object, ok := strings.CutSuffix(lower, "remove"); ok {
		for _, name := range dockerapi.Names() {
			if strings.ToLower(name) == object+"delete" {
				return name
			}
		}
	}
	return ""
}
