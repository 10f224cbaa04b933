import json,time,urllib.request,threading,sys
u='http://localhost:48083/connectors/debezium-postgres-connector'
def get(p):
    try: return json.load(urllib.request.urlopen(u+p))
    except Exception as e: return str(e)
cfg=get('/config'); cfg.update(json.loads(sys.argv[1]))
t0=time.time()
def put():
    r=urllib.request.Request(u+'/config',method='PUT',data=json.dumps(cfg).encode(),headers={'Content-Type':'application/json'})
    x=urllib.request.urlopen(r); print('%.3f PUT %d'%(time.time()-t0,x.status))
th=threading.Thread(target=put); th.start()
last=None
k=list(json.loads(sys.argv[1]))[0]
while time.time()-t0<float(sys.argv[2]):
    s=get('/status'); t=get('/tasks')
    now=(s['connector']['state'],[(x['state'],x.get('trace','')[:150]) for x in s['tasks']], [x['config'].get(k) for x in t]) if isinstance(s,dict) else s
    if now!=last: print('%.3f %s'%(time.time()-t0,now)); last=now
    time.sleep(0.02)
