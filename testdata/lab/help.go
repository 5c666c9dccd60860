package main

const helpText = `
lab: a real Kubernetes with a real Flux on this machine, without containers

  lab COMMAND [flags]        from testdata/lab: go run . COMMAND

Life
  up [--empty] [--fast-leases]
                     build what is missing, start what does not run; the last
                     line on stdout is the export of KUBECONFIG
  down               stop everything the lab started; binaries and data stay
  reset [--empty] [--fast-leases] [--new-ports]
                     a fresh cluster on the same ports (--empty: no Flux;
                     --fast-leases: leases of 6 s instead of 35 s)
  build              only build; prints the folder
  status             every part, its pid or how it ended
  env [-o json]      kubeconfigs, URLs, pids, logs: shell exports or JSON
  logs PART [-n N]   a part's last lines

Faults
  kill PART …        SIGKILL             stop PART …    SIGTERM, and wait
  start PART …       same ports again; kube-apiserver and etcd also bring back
                     what died while they were away
  pause PART …       SIGSTOP             resume PART …  SIGCONT
  parts: etcd kube-apiserver kube-controller-manager kube-scheduler kwok git
         pod-logs flux-operator source-controller kustomize-controller
  pod label lab/fault: crashloop | imagepull | notready (removing it heals)
  pod label lab/ready-after: 3s (a slow start)

Scenes
  demo               tenants dev, stage and prod with their web app
  push TENANT        commit and push to dev, stage or prod; prints the SHA
       --replicas N --image TAG --env K=V --label K=V (pod label; empty V
       removes) --message TEXT --path-remove --break --reconcile
  broken             tenants with every failure, waits until they have failed
  expect broken      what a dashboard should say about them, as JSON
  expect faults      at which object each fault is, and what was done
  bootstrap          fresh cluster: Flux by its own CLI's way, no operator
  cozy [--no-sync]   fresh cluster: operator and instance in cozy-fluxcd, owned
                     by Helm; spec.sync set by a person unless --no-sync

  operator           on an empty lab: the operator alone, as its chart installs
                     it; once an instance has brought their kinds, lab up
                     starts the controllers

Measuring
  load N [--profile plain|full]
                     N tenants; stops every controller first, so the server
                     stands still; prints sizes and the bare download time
  measure [--profile plain|full]
                     sizes and download again
  updates [--rate 500] [--for 60s] [--states FILE]
                     status changes of loaded Kustomizations and Deployments;
                     prints how many, and the digest of the final states

TENANTRY_LAB_DIR chooses the state folder (default: the user's cache folder,
tenantry/lab/run), so that several labs can run side by side. Everything
listens on 127.0.0.1 only. Exit codes: 0 done, 1 failed, 3 wrong usage.
`
