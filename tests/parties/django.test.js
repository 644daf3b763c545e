// mozilla-django-oidc, as docs/relying-parties/python.md sets it up, in the smallest site that Django runs.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { Guide, SECRET } from "./guide.js";
import { Visitor } from "./visitor.js";

const PYTHON = process.env.KHUE_TEST_PYTHON;
// What `django-admin startproject` writes, without what nobody needs here.
const SETTINGS = `
import os

SECRET_KEY = "a-key-of-the-test"
ROOT_URLCONF = "urls"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(os.path.dirname(__file__), "db")}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
`;
// The site itself. A quarter of an hour goes by at /later.
const URLS = `
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.urls import include, path

@login_required
def home(request):
    user = request.user
    until = request.session["oidc_id_token_expiration"]
    return JsonResponse({"sub": user.username, "name": user.first_name, "email": user.email, "until": until})

def later(request):
    request.session["oidc_id_token_expiration"] = 0
    return HttpResponse("later")

urlpatterns = [
    path("", home),
    path("later", later),
    path("signed-out", lambda request: HttpResponse("Signed out.")),
    path("oidc/", include("mozilla_django_oidc.urls")),
]
`;

let guide;

before(async () => {
  assert.ok(PYTHON, "KHUE_TEST_PYTHON: a Python that has what requirements.txt says");
  guide = await Guide.open("python.md");
  await guide.register();
  const cwd = join(guide.khue.folder, "site");
  await mkdir(cwd);
  await writeFile(join(cwd, "settings.py"), SETTINGS + guide.block("settings.py"));
  await writeFile(join(cwd, "people.py"), guide.block("people.py"));
  await writeFile(join(cwd, "urls.py"), URLS);
  const env = { ...process.env, PYTHONPATH: cwd, PYTHONDONTWRITEBYTECODE: "1", DJANGO_SETTINGS_MODULE: "settings", CLIENT_SECRET: SECRET };
  await promisify(execFile)(PYTHON, ["-m", "django", "migrate"], { cwd, env });
  await guide.run(PYTHON, ["-m", "django", "runserver", "--noreload", `127.0.0.1:${guide.port}`], { cwd, env });
});

after(() => guide?.end());

test("mozilla-django-oidc: sign-in, userinfo, a silent renewal, sign-out", async () => {
  const visitor = new Visitor("pupil");
  const first = await visitor.go(`${guide.home}/`);
  assert.deepEqual(first.filled, ["sign-in", "consent"], first.text + guide.said);
  const inside = JSON.parse(first.text);
  assert.match(inside.sub, /^[\w-]{43}$/);
  assert.deepEqual([inside.name, inside.email], ["Trần Minh Khôi", "khoi.tran@khue.example"]);

  await visitor.go(`${guide.home}/later`);
  const renewed = await visitor.go(`${guide.home}/`);
  assert.deepEqual(renewed.filled, [], "the renewal was not silent");
  assert.equal(JSON.parse(renewed.text).sub, inside.sub);
  assert.ok(JSON.parse(renewed.text).until > inside.until);

  const left = await visitor.go(`${guide.home}/oidc/logout/`, { method: "POST", fill: {} });
  assert.equal(left.text, "Signed out.", guide.said);
  const again = await visitor.go(`${guide.home}/`);
  assert.deepEqual(again.filled, ["sign-in"], "she was still signed in at Khuê");
});
