# What podman asks a service for, with --remote: most of its commands once, whether they work
# or not. The service is one for this alone.
# podman.sh PODMAN IMAGE FOLDER; the folder is empty, and files are made in it.
podman=$1
image=$2
cd "$3" || exit

p() { timeout 60 "$podman" --remote "$@" </dev/null || :; }
# Containers get what this machine's limits allow in any case.
run='--network none --ulimit nofile=256:256 --ulimit nproc=256:256'

p version
p info
p images
p ps -a --sync

p run --rm $run "$image" echo hi
p run -d --name c $run "$image" sh -c 'while :; do echo x; sleep 1; done'
p exec c echo inside
p exec -d c true
p logs --tail 2 c
p top c
p stats --no-stream c
p inspect c
p port c
p diff c
p pause c
p unpause c
p update --cpu-shares 512 c
p rename c cc
p cp cc:/etc/motd .
p cp motd cc:/tmp/there
p cp cc:/nothing .
p commit cc committed
p export -o export.tar cc
p import export.tar imported
p generate kube cc
p generate systemd cc
p healthcheck run cc
p container exists cc
p container checkpoint cc
p container restore cc
"$podman" --remote attach --no-stdin cc & sleep 1; kill $!
p kill cc
p wait cc
p start cc
p restart -t 0 cc
p stop -t 0 cc
p create --name made $run "$image" true
p init made
p start -a made
p rm -f -t 0 cc made
p container prune -f

p image inspect "$image"
p image exists "$image"
p history "$image"
p image tree "$image"
p image diff "$image"
p tag "$image" other
p untag "$image" other
p save -o one.tar "$image"
p save -m -o two.tar "$image" committed
p load -i one.tar
p search nothing
p pull 127.0.0.1:1/x
p push "$image" 127.0.0.1:1/x
p rmi committed
p image prune -f
mkdir context
printf 'FROM %s\nRUN echo built\n' "$image" >context/Dockerfile
p build --network none --ulimit nofile=256:256 -t built context
p manifest create list
p manifest add list "$image"
p manifest inspect list
p manifest exists list
p manifest annotate --arch arm list "$image"
p manifest push --all list 127.0.0.1:1/x
p manifest rm list
p login -u a -p b 127.0.0.1:1

p pod create --name pod --infra=false
p create --pod pod --ulimit nofile=256:256 --ulimit nproc=256:256 --name inpod "$image" sleep 1000
p pod inspect pod
p pod ps
p pod start pod
p pod stats --no-stream pod
p pod top pod
p pod pause pod
p pod unpause pod
p stop -t 0 inpod
p pod restart pod
p pod kill pod
p pod stop -t 0 pod
p pod exists pod
p pod logs -c inpod pod
p pod rm -f pod
p pod prune -f

p volume create vol
p volume ls
p volume inspect vol
p volume exists vol
p volume rm vol
p volume prune -f
p network create net
p network ls
p network inspect net
p network exists net
p network connect net nothing
p network disconnect net nothing
p network rm net
p network prune -f
printf s >secret.txt
p secret create secret secret.txt
p secret ls
p secret inspect secret
p secret rm secret

printf 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: k\nspec:\n  containers:\n  - image: %s\n    name: c\n' "$image" >k.yaml
p kube play k.yaml
p kube down k.yaml
p kube generate nothing

p events --stream=false
p system df
p system prune -f
